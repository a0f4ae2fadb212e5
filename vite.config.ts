import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = 'localhost:3000'

export default defineConfig({
  root: at('./src/app'),
  plugins: [react(), tailwindcss()],
  build: {
    outDir: at('./dist/web'),
    // scripts/build-web.ts cleans up: the map of the world stays, and what open pages may still load.
    emptyOutDir: false,
    // The policy of the page forbids data: fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // What the first page needs is two files, ours and the libraries', however many pages share parts of it.
        codeSplitting: {
          groups: [
            { name: 'libraries', tags: ['$initial'], test: /\/node_modules\//, priority: 1 },
            { name: 'first', tags: ['$initial'] },
          ],
        },
      },
    },
  },
  experimental: {
    // The same build is served below any path: its parts find each other by where they are, and the server puts the path into the page
    // (src/core/run/base-path.ts), since a page is asked for at many addresses and its policy forbids <base>.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  worker: { format: 'es' },
  server: {
    proxy: {
      '/api': `http://${server}`,
      '/basemap': `http://${server}`,
      '/ws': { target: `ws://${server}`, ws: true },
    },
    fs: { allow: [at('.')] },
  },
})
