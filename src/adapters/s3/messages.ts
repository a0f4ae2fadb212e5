import { declareMessages } from '../../core/declare/declare-messages.ts'

/** Failures of S3-compatible storage, for the operator. */
export const messages = declareMessages('s3', {
  clocksDiffer: {
    text: 'The clock of this machine and that of the storage at {{host}} differ: set both right, for example with NTP',
  },
  clocksDifferBy: {
    text: {
      one: 'The clock of this machine and that of the storage at {{host}} differ by {{count}} minute: set both right, for example with NTP',
      other:
        'The clock of this machine and that of the storage at {{host}} differ by {{count}} minutes: set both right, for example with NTP',
    },
  },
  unknownKey: { text: 'The storage at {{host}} does not know the key in S3_ACCESS_KEY' },
  wrongSignature: {
    text: 'The storage at {{host}} does not accept the signature: check S3_SECRET_KEY, and whether S3_REGION is the region of the bucket',
  },
  noBucket: { text: 'There is no bucket {{bucket}} at {{host}}: create it, or check its name and S3_ENDPOINT' },
  forbidden: {
    text: 'The storage at {{host}} forbids this for the bucket {{bucket}}: allow the key in S3_ACCESS_KEY to read, write, delete and list there',
  },
  otherRegion: {
    text: 'The bucket {{bucket}} is not in the region {{region}} at {{host}}: set S3_REGION to {{right}}',
  },
  wrongRegion: {
    text: 'The bucket {{bucket}} is not in the region {{region}} at {{host}}: check S3_REGION and S3_ENDPOINT',
  },
  arrivedOtherwise: { text: 'What arrived at the storage at {{host}} is not what was sent ({{code}})' },
  failed: { text: 'The storage at {{host}} answered with an error ({{detail}})' },
  readOtherwise: { text: 'The storage at {{host}} did not send back what it was given' },

  noStorage: { text: 'What answers at {{host}} is not S3-compatible storage: check S3_ENDPOINT' },
  late: { text: 'The storage at {{host}} did not answer in time' },
  wrongCertificate: {
    text: 'The certificate of the storage at {{host}} is not trusted ({{code}}): NODE_EXTRA_CA_CERTS can name the file of its authority',
  },
  noHost: { text: 'There is no host {{host}}: check S3_ENDPOINT' },
  unreachable: { text: 'The storage at {{host}} cannot be reached ({{reason}})' },
})
