import { randomBytes } from 'node:crypto';
import { startTestProvider, type TestProvider } from '../../support/cloud/provider.ts';
import { ring } from '../../support/cloud/services.ts';
import { type Emulator, startFirestore, startPubsub } from '../../support/emulators/start.ts';
import { type GoogleIssuer, startGoogleIssuer } from '../../support/google-issuer.ts';
import { type IamStandIn, startIamStandIn } from '../../support/stand-ins/iam.ts';
import { type KmsStandIn, startKmsStandIn } from '../../support/stand-ins/kms.ts';
import {
  type SecretManagerStandIn,
  startSecretManagerStandIn,
} from '../../support/stand-ins/secret-manager.ts';

/** What all worlds of a process share: emulators, and stand-ins in which each world has its own corner. */
export type Site = {
  readonly firestore: Emulator;
  readonly pubsub: Emulator;
  readonly kms: KmsStandIn;
  readonly secrets: SecretManagerStandIn;
  readonly iam: IamStandIn;
  readonly provider: TestProvider;
  readonly google: GoogleIssuer;
  /** The gateway's own service account. */
  readonly account: string;
  /** Lets go of what the stand-ins remember of requests. */
  forget(): void;
  stop(): Promise<void>;
};

/** `own`: emulators that no other test uses. */
export async function openSite({ own = false }: { readonly own?: boolean } = {}): Promise<Site> {
  const [firestore, pubsub, kms, secrets, iam, provider, google] = await Promise.all([
    startFirestore({ own }),
    startPubsub({ own }),
    startKmsStandIn(),
    startSecretManagerStandIn(),
    startIamStandIn(),
    startTestProvider(),
    startGoogleIssuer(),
  ]);
  kms.makeKey(`${ring('faults')}/log`, 'sign');
  kms.makeKey(`${ring('faults')}/link`, 'sign');
  kms.makeKey(`${ring('faults')}/records`, 'encrypt');
  secrets.add('projects/faults/secrets/sluice-hmac', randomBytes(32).toString('base64'));
  return {
    ...{ firestore, pubsub, kms, secrets, iam, provider, google },
    account: 'gateway@faults.iam.gserviceaccount.com',
    forget() {
      for (const { seen } of [kms, secrets, iam]) (seen as unknown[]).length = 0;
    },
    async stop() {
      await Promise.all([kms.close(), secrets.close(), iam.close(), provider.stop(), google.stop()]);
      await Promise.all([firestore.stop(), pubsub.stop()]);
    },
  };
}
