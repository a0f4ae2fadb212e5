// Sets the chosen theme before the first paint; a file of its own because the page's policy forbids inline scripts.
{
  const chosen = localStorage.getItem('trek.theme')
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}
