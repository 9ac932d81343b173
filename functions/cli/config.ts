import { Command } from 'commander';
import { readCloudConfig } from '../config/cloud.ts';
import { functionNames, isFunctionName } from '../config/function-names.ts';
import { SluiceError } from '../core/errors.ts';
import { exitCodes, print, UsageError } from './output.ts';

/** `sluice config check`: what a cloud function would say of this environment before it serves anything. */
export function configCommand(): Command {
  const config = new Command('config').description('check the environment of the cloud functions');
  const check = new Command('check')
    .description('read the variables and the identities file of a function; exits 1 and lists every problem')
    .argument('<function>', functionNames.join(', '))
    .addHelpText(
      'after',
      '\nExamples:\n  sluice config check api\n  env $(cat api.env) sluice config check api\n',
    )
    .action((name: string) => {
      if (!isFunctionName(name))
        throw new UsageError(`there is no function ${name}; there are ${functionNames.join(', ')}`);
      try {
        const { SLUICE_PROJECT, identities } = readCloudConfig(name, process.env);
        const { length } = identities.issuers;
        print(
          `${name}: the configuration is whole (project ${SLUICE_PROJECT}, ${length} trusted issuer${length === 1 ? '' : 's'})`,
        );
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
        process.stderr.write(`sluice: ${error.message}\n`);
        process.exitCode = exitCodes.refused;
      }
    });
  config.addCommand(check);
  return config;
}
