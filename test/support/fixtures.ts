/**
 * PKCS#12 files that forge cannot write. Their keys are used in tests only, and their certificates are valid until
 * 2126. Made with OpenSSL 3.0, in a shell with a UTF-8 locale:
 *
 *     openssl req -x509 -newkey rsa:2048 -noenc -keyout ca.key -out ca.pem -days 36500 \
 *       -subj "/CN=Test authority" -sigopt rsa_padding_mode:pss
 *     openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -keyout client.key -out client.csr \
 *       -subj "/O=Test/CN=client"
 *     openssl x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out client.pem -days 36500 \
 *       -sigopt rsa_padding_mode:pss
 *     openssl pkcs12 -export -inkey client.key -in client.pem -certfile ca.pem -passout pass:schlüssel -out modern.pfx
 *     openssl pkcs12 -export -legacy -inkey client.key -in client.pem -passout pass:schlüssel -out legacy.pfx
 */

export const fixturePassphrase = 'schlüssel';

/** SHA-1 thumbprint of the client certificate: EC key, signed with RSASSA-PSS. */
export const clientThumbprint = '4A4C7D2DB5F28002F7851C381D3B05AB35AE5110';

/** SHA-1 thumbprint of the authority's certificate: RSA key, signed with RSASSA-PSS. */
export const authorityThumbprint = '4CEEE904317960B06D0F1CEB7090540331E344B1';

/** The client and its authority, encrypted with PBES2 (AES-256, PBKDF2 with SHA-256), MAC with SHA-256. */
export const modernPkcs12 = decodeBase64([
  'MIIInAIBAzCCCFIGCSqGSIb3DQEHAaCCCEMEggg/MIIIOzCCBvIGCSqGSIb3DQEHBqCCBuMwggbfAgEAMIIG2AYJKoZIhvcNAQcB',
  'MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgjtsAiuIjjHgICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAHf',
  'nxy7bqBPs8Kzi6VkcXWAggZwImb3P/JKME79e1y+vYll9xdxOQWdomNUWDci+jCvU7PAyhFk3Vqs6hUlxnaXoWNld6Y3/wcPl0D/',
  'GcqNZu5nFMvao/qEDd/fZwvoaC5zufbKfsjMCExtb25H0HXEhESWAdpwH7M9NIZ+Ja5DCzydAsdEIV6QAjfpl/AllixUgD24FvAV',
  'YkLnit8cpOpC5CdLLirc6Z/s2iyWaDn/P5ya/EcSi6sFcw8C2bvsKfOtmyD6AJB/Nz1gAc0h8BhLw13lghhU3ikliI0FhfsqngkI',
  'u6x9IYoFbZo+Lo7eH1beUyoIj7lNuZLfbZl14PHbL+zpxEXDyMDDsUaaFp4OhyvKPuCcOssyn+ZfDpHfrogJqF/q1C4VX406xdYN',
  'pXaR1INti4qtIzoY8rEtblim48sZFHtjVHM4vm6mXnNYjqHBmGsxpw+c7Sgo/H7Qa5Au6zwhurBTFsfOAC1xeI45qFakgeFBFPjZ',
  'WFjqt9Gl7DRVqP+r8aV6SNjFjDSPHALZDhKaXxK4KKaeqjbZMfGEfHvgsTDjN+HsEO1vnTQqcbxq6yXh8P2k92+BJnpmcdo/x7Fg',
  '+/GacnCpKe2InOCtS5aC3RgSdLjZ/ZsBen2v/atz3h1sXnoxzD7TFSiGIqQONrdqd6NQLMtIEQxGvm8CUkMsXj07J+ov8YHw0rf2',
  'XwleiRqaMYcSQ3B6+5mdC+3j636fw+2hs/rBwmW29KLPTvScOsfi8pU++NZhcS0NbhR19EJKPn6v41FnGS8fGIPL96JMo4NaYxF8',
  'fuR1zI7ZI6EXZyahyMqzhmorrFxaPbOQ/sSQecH1D7NIBgwQVHELM5uNhVoVKz83Ky2LFlSzsc7g5fU9AWegsJIRqs1zRco6QWQR',
  'Qlu/ZtQx6DqWhz8yD1mgAX+4xK4OlkFM9Ym1IIWD0BoMbE6O/46SPyD3JgEFPo+L3uCoI1d/3WJ4qQfxdewoHOfZ8uj5zFw4GFdA',
  'Cjjxe87cXKpE6oujuojxy5A4sKEhMNpMXRnQSXkDmyYEkgchWRysr+Dpl5WvG4xqIVfij2rMf4yKRzwVKRbZ6/2CKA1Oe9AZ40IP',
  'y/VlBk0BPACQfhyQaAmtyYnVA1LxKW50xQeCNI5EkQ2RJ02lRGQDQXftaQo5c2xG2VpZ8g5A1xj3qxPZoToiVnur6JJnyXrY+62p',
  'p5ymo4bP/5gxE2c/cnpsZWJ/AX5k5L6UBrtYTutbIfRU5hSBRq6PXrdyiC56u9zBIauiyGRY5NRnYf1McUg/4cKgyk4kQlrhuF1/',
  'y5sKEYWFjSVCZXSfGtg226pB565j7kKdkNY6TO8cNREDYuceSm8s6rDadChBXq/Rl9gl2gQ2wOKO+edjOceVGM+vu//JnUk+SqVK',
  'oxkJEtMqP3/UI2EiW15s7r3mUW6UshYbidyH72wNEa8ZX0vC5Zh10HwHh8b1dyg5NOQCs3jv6Jyv7raNZa8DqhnxH/MLL3XoLwuB',
  'WuccasNz3d/ieSLN+/JTx+/CTfMazMSNvfYlk9l5dWWv7drtWO55jo/uVnu7UmfdjlVLHFwINyI4U6Tp6glTmF0Y7Po0SjmqWFdT',
  'pNw/VePMlqtzqVz25OXMw/cM5NY6K3tUELFFLvMg3KHSlZIuKciDcYpRLb6fjvrm8XaWn9KhCaUnrtnY2dhBs5/pzBIPn4oamjQr',
  '2c5yl23MeOO0CUB97PZzrdMcABELuuJqpeQf86VadBwsDo3nVOOV7e0AtHuAzibSRWDjPo2HAZHVREVhZs36n5RgOoSc2xexxVvj',
  'Va1yKaPOqIcY5fkI/ZFghCPlmrhGaQustwj+uOVjVxb9n8qZ3xDN22luqKDdxQe4DNUJKIJ63N7NMj+g4TygyqmNFHvOjlrVNmyy',
  '9lThPoRDA41JWJmH0PPkhoYVer1CP5TvLfkoGlrqjKXPhPo9pQzdf5dPN+iCecWPrxq9o3cl8mzsQRsK5TYM8TcMEjbHNfIhgmJQ',
  'whOph/TDTPE3niJhZLhQ+zJwUF0ltwsJIXqtguKBno3EamnIqtD+tWqEKCo5E5kTsywuc1NmjeEf7Q4O9gkjeYoAKGdPIh4qk0Fe',
  'ivey+6teAx78VCPdaqd3DVvEATt4QWy/65n4xDvF2gDcUj5RynmYDs9ji6/+bMOyOvSYl5relU962cbO3U7HYDVkIqfsw6TiJYZR',
  'GKu+2ZjOgYpyifs9tpkleDCCAUEGCSqGSIb3DQEHAaCCATIEggEuMIIBKjCCASYGCyqGSIb3DQEMCgECoIHvMIHsMFcGCSqGSIb3',
  'DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgsxAg7FA67XwICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEKwHN/zCsyN2mLUb',
  'wMootI8EgZDJ5jxo4fnoQzHS3hewpfK9Uw8I3G+Fc/0cnvrLBAEKko57+tl8j0cylRBMzk1D6pw+jckpRwonFGz18pDRKfy4tgfG',
  '/W8h2ZlQSaNchC4CXpu7t7x1E1KzAczxna+TF5ux+FFfmEPrtHHd2wnLB9iINaPB2v10WlbG1ZL65HITu/LcoZWVQdY5PB/nudQz',
  'XaYxJTAjBgkqhkiG9w0BCRUxFgQUSkx9LbXygAL3hRw4HTsFqzWuURAwQTAxMA0GCWCGSAFlAwQCAQUABCBFxv1KIulrtnQKjK9Q',
  'Rp6vioOCk+EyZJjIzkoax1FXrgQIruCe5Yxv6xYCAggA',
]);

/** The client alone, encrypted with 40-bit RC2 (certificate) and triple DES (key), MAC with SHA-1. */
export const legacyPkcs12 = decodeBase64([
  'MIIEYgIBAzCCBCgGCSqGSIb3DQEHAaCCBBkEggQVMIIEETCCAwcGCSqGSIb3DQEHBqCCAvgwggL0AgEAMIIC7QYJKoZIhvcNAQcB',
  'MBwGCiqGSIb3DQEMAQYwDgQICdfM/vXduR8CAggAgIICwK2ooyZQu0LZMWDUfA6B1hAB9mxcIptbHaP3Skw8f/7WaXzgNBdiG641',
  '1DpcX4o+w/9MLIELjRxqkdUJgRxSUySwa7zH5kPkjAdGcrkUiOMqSK6bediFpEvNWL4zbjlkXEzqnPB+rvT3XA9G5qt9hoLwHIn8',
  'sNzF7heRuhbMu7DJZHd3RT6drfLLGTG07pw4I4homSSZythNko8Ds1x6ZWRALuR/nRrLR0QG3UXndK51/lGjAlINuN7IREmfwswR',
  'UpFWyE7scgdKtfjX7RjghEBPIx1QJbgKHgMULWEecMa5vE5NVeklpbtdYxS6VNwqjMbPNGDFUxa5+EiJ1nkeNk6BxutDMHM5F79d',
  'c2gbaBWm3uU6hjW6pJsBxmbdvj18KaUUBxlfY6iKY97sy7R2WWTpkGuKnTJtKqz+AM2ZYF0YE2/qJkKjqdUGYzPEskJDNifHaaPo',
  'zRjAXNE2zjWduhnPfZYVERGfniT8Ql/MTEt1zbbv6SO4kpCXfw0qqGAfdt6dKXWmYTOq5bbe3R/WU7bhXGA8Mar2hE1avrma4g26',
  'EGrQ2yE2O8MsYOhrbMoMKriwRcd0D6SwkDNCpX5aDRS6CLeFcT9qaVE2AA6MyB94Y3Ntg4557oYMnc9UrlrnJoYRUN068/mYOtty',
  'MM+JF278tb+V6PoDGmTUe2fwphS7hPjn/kaAD/cdSukkCn0sA8F5fgfRVI8VBWMCp8dWDGqAm3FXffrhYESKHh+fmOEymYjlRxI6',
  '1Mvg2JPvZdAzftH36EUiujWtmKxGLDNUe2GYJRFDtbokFylbJ7od39kgzUxZUejWklJUzNcQ97bSd8ZuVHFLqBtAmLYDaM2oUWwJ',
  '3S6SgNdHefk0TCqPons1KPoVIBvfF9EO8rOPi7ON8j8wyIMknYNsAGD5jr023ZUr3GpM4SmGdalj/uMpK76FMIIBAgYJKoZIhvcN',
  'AQcBoIH0BIHxMIHuMIHrBgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEDMA4ECPYNu7gTZVJ+AgIIAASBkDnNsYPhrFns',
  'beD8TnWw+hJAhbrW5Gxn/yiFGCPF9bqAlqTjQinlxoWbrvCX0SCotZ7B8wMU5hS/8801R/ippp/wnjLqREari/EKmsIYPsLHF8rQ',
  'bV4P9BWgRck4f7jbye6rBfJv7AdPzq5vIrTPcW/rJAiIeX9c9zNaJ/eEwLHDmhuzkKpfj9Du5SlwN0SqBTElMCMGCSqGSIb3DQEJ',
  'FTEWBBRKTH0ttfKAAveFHDgdOwWrNa5REDAxMCEwCQYFKw4DAhoFAAQUj/UsaIEmHwq8ln3fHHn8yhQYEaAECFgvJw8ldL6rAgII',
  'AA==',
]);

function decodeBase64(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'base64');
}
