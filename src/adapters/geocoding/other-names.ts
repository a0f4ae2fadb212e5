/** Other names of towns: the name in search form, then the gazetteer's name and its country. */
const TABLE = `
aarhus=Århus DK|a coruna=A Coruña ES|la coruna=A Coruña ES|aix la chapelle=Aachen DE|alger=Algiers DZ|algier=Algiers DZ
angora=Ankara TR|antwerp=Antwerpen BE|anvers=Antwerpen BE|aquisgran=Aachen DE|athen=Athens GR|athina=Athens GR|atene=Athens GR
athenes=Athens GR|bale=Basel CH|basilea=Basel CH|bangalore=Bengaluru IN|banaras=Varanasi IN|benares=Varanasi IN
beograd=Belgrade RS|belgrad=Belgrade RS|berna=Bern CH|berne=Bern CH|bombay=Mumbai IN|bruges=Brugge BE|brugge=Brugge BE
bruxelles=Brussels BE|brussel=Brussels BE|brussel=Brussels BE|bruessel=Brussels BE|bruselas=Brussels BE|bucuresti=Bucharest RO
bukarest=Bucharest RO|cairo=Cairo EG|kairo=Cairo EG|le caire=Cairo EG|al qahirah=Cairo EG|calcutta=Kolkata IN|canton=Guangzhou CN
capetown=Cape Town ZA|kapstadt=Cape Town ZA|le cap=Cape Town ZA|ciudad de mexico=Mexico City MX|mexico df=Mexico City MX
mexiko stadt=Mexico City MX|cologne=Köln DE|colonia=Köln DE|koeln=Köln DE|keulen=Köln DE|constantinople=Istanbul TR
corfu town=Corfu GR|kerkyra=Corfu GR|korfu=Corfu GR|cracow=Kraków PL|cracovia=Kraków PL|cracovie=Kraków PL|krakau=Kraków PL
cuzco=Cusco PE|danzig=Gdańsk PL|dantzig=Gdańsk PL|delhi=Delhi IN|den haag=The Hague NL|s gravenhage=The Hague NL
la haye=The Hague NL|donostia=Donostia / San Sebastián ES|san sebastian=Donostia / San Sebastián ES|dresde=Dresden DE
duesseldorf=Düsseldorf DE|edimburgo=Edinburgh GB|edimbourg=Edinburgh GB|fez=Fès MA|firenze=Florence IT|florenz=Florence IT
florencia=Florence IT|frankfurt=Frankfurt am Main DE|francfort=Frankfurt am Main DE|freiburg=Freiburg DE|fribourg=Fribourg CH
geneva=Genève CH|genf=Genève CH|ginevra=Genève CH|ginebra=Genève CH|genova=Genoa IT|genua=Genoa IT|genes=Genoa IT
ghent=Gent BE|gand=Gent BE|gothenburg=Göteborg SE|goteburg=Göteborg SE|halab=Aleppo SY|habana=Havana CU|la habana=Havana CU
hanoi=Hanoi VN|hannover=Hannover DE|hanover=Hannover DE|havanna=Havana CU|heraklion=Irákleio GR|iraklio=Irákleio GR
heraklio=Irákleio GR|hong kong=Hong Kong HK|hongkong=Hong Kong HK|saigon=Ho Chi Minh City VN|jerusalem=Jerusalem IL
yerushalayim=Jerusalem IL|al quds=Jerusalem IL|kharkov=Kharkiv UA|kiew=Kyiv UA|kiev=Kyiv UA|kobenhavn=Copenhagen DK
kopenhagen=Copenhagen DK|copenhague=Copenhagen DK|copenaghen=Copenhagen DK|lemberg=Lviv UA|lwow=Lviv UA|lisboa=Lisbon PT
lissabon=Lisbon PT|lisbonne=Lisbon PT|lisbona=Lisbon PT|liege=Liège BE|luettich=Liège BE|londres=London GB|londra=London GB
londen=London GB|lucerne=Luzern CH|lucerna=Luzern CH|luxemburg=Luxembourg LU|macao=Macau MO|madras=Chennai IN
mailand=Milan IT|milano=Milan IT|malaga=Málaga ES|mantua=Mantova IT|marrakech=Marrakesh MA|marrakesch=Marrakesh MA
marsella=Marseille FR|marseilles=Marseille FR|moskau=Moscow RU|moskva=Moscow RU|moscou=Moscow RU|mosca=Moscow RU|moscu=Moscow RU
muenchen=Munich DE|munchen=Munich DE|monaco di baviera=Munich DE|muenster=Münster DE|mumbai=Mumbai IN|napoli=Naples IT
neapel=Naples IT|napoles=Naples IT|nara=Nara-shi JP|nuremberg=Nürnberg DE|norimberga=Nürnberg DE|nuernberg=Nürnberg DE
new york=New York City US|nueva york=New York City US|nyc=New York City US|nizza=Nice FR|niza=Nice FR|odesa=Odessa UA
oporto=Porto PT|padua=Padova IT|padoue=Padova IT|palma de mallorca=Palma ES|parigi=Paris FR|peking=Beijing CN|pekin=Beijing CN
pechino=Beijing CN|plovdiv=Plovdiv BG|praha=Prague CZ|prag=Prague CZ|praga=Prague CZ|pusan=Busan KR|quebec city=Québec CA
rangoon=Yangon MM|reykjavik=Reykjavík IS|rhodes town=Ródos GR|rhodes=Ródos GR|rhodos=Ródos GR|roma=Rome IT|rom=Rome IT
salonica=Thessaloníki GR|saloniki=Thessaloníki GR|saragossa=Zaragoza ES|sevilla=Sevilla ES|seville=Sevilla ES|seul=Seoul KR
singapur=Singapore SG|singapour=Singapore SG|sankt petersburg=Saint Petersburg RU|st petersburg=Saint Petersburg RU
san pietroburgo=Saint Petersburg RU|stoccolma=Stockholm SE|estocolmo=Stockholm SE|strassburg=Strasbourg FR|estrasburgo=Strasbourg FR
taipeh=Taipei TW|tokio=Tokyo JP|tokyo=Tokyo JP|torino=Turin IT|turin=Turin IT|treves=Trier DE|tallin=Tallinn EE
tanger=Tangier MA|tunis=Tunis TN|tel aviv yafo=Tel Aviv IL|ulaanbaatar=Ulan Bator MN|valencia=Valencia ES|varsovie=Warsaw PL
varsovia=Warsaw PL|varsavia=Warsaw PL|warschau=Warsaw PL|warszawa=Warsaw PL|venezia=Venice IT|venedig=Venice IT|venise=Venice IT
venecia=Venice IT|vienne=Vienna AT|wien=Vienna AT|viena=Vienna AT|wenen=Vienna AT|washington=Washington, D.C. US
washington dc=Washington, D.C. US|wroclaw=Wrocław PL|breslau=Wrocław PL|zuerich=Zürich CH|zurigo=Zürich CH|edinburg=Edinburgh GB
`

export interface OtherName {
  readonly name: string
  readonly of: string
  readonly country: string
}

export const OTHER_NAMES: readonly OtherName[] = TABLE.trim()
  .split(/[|\n]/)
  .map((entry) => {
    const [name = '', target = ''] = entry.split('=')
    return { name, of: target.slice(0, -3), country: target.slice(-2) }
  })
