// The kinds of RabbitMQ's operators, for which no package with schemas exists: only the members that are used here, from the operators' documentation.
import Ajv from 'ajv/dist/2019.js';

const text = { type: 'string', minLength: 1 };
const exactly = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required, additionalProperties: false });
const name = exactly({ name: text }), amounts = { type: 'object', additionalProperties: text };

const changed = { type: 'array', items: exactly({ name: text, securityContext: { type: 'object' } }) };
const pods = exactly(
  { securityContext: { type: 'object' }, containers: changed, initContainers: changed,
    topologySpreadConstraints: { type: 'array', items: { type: 'object' } } }, ['containers']);

const specs = {
  RabbitmqCluster: exactly({
    replicas: { type: 'integer', minimum: 0 },
    image: text,
    terminationGracePeriodSeconds: { type: 'integer', minimum: 0 },
    resources: exactly({ requests: amounts, limits: amounts }),
    persistence: exactly({ storage: text, storageClassName: text }, ['storage']),
    tls: exactly({ secretName: text, caSecretName: text, disableNonTLSListeners: { type: 'boolean' } }, ['secretName']),
    rabbitmq: exactly({ additionalConfig: text, additionalPlugins: { type: 'array', items: text } }, []),
    // The patches of the pods that the operator creates. Containers are identified by their names there.
    override: exactly({ statefulSet: exactly({ spec: exactly({ template: exactly({ spec: pods }) }) }) }),
  }, ['replicas']),
  Vhost: exactly({ name: text, rabbitmqClusterReference: name }),
  User: exactly({ importCredentialsSecret: name, rabbitmqClusterReference: name, tags: { type: 'array', items: { enum: [
    'management', 'policymaker', 'monitoring', 'administrator'] } } }, ['rabbitmqClusterReference', 'importCredentialsSecret']),
  Permission: exactly({ vhost: text, userReference: name, permissions: exactly({ configure: text, write: text, read: text }), rabbitmqClusterReference: name }),
  Policy: exactly(
    { name: text, vhost: text, pattern: text, applyTo: { enum: ['queues', 'classic_queues', 'quorum_queues', 'exchanges', 'all'] },
      definition: { type: 'object', minProperties: 1 }, priority: { type: 'integer' }, rabbitmqClusterReference: name },
    ['name', 'vhost', 'pattern', 'definition', 'rabbitmqClusterReference']),
};

const ajv = new Ajv({ allErrors: true });
const validators = Object.fromEntries(Object.entries(specs).map(([kind, spec]) => [kind, ajv.compile(exactly({
  apiVersion: { const: 'rabbitmq.com/v1beta1' }, kind: { const: kind }, metadata: { type: 'object', required: ['name'] }, spec,
}))]));

export const isRabbit = ({ apiVersion }) => apiVersion?.startsWith('rabbitmq.com/');

export function rabbitProblems(value) {
  const validate = validators[value.kind];
  if (!validate) return [`RabbitMQ's operators have no ${value.kind} that is known here`];
  return validate(value) ? [] : validate.errors.map(
    ({ instancePath, message, params }) => `${instancePath} ${message}${params.additionalProperty ? ` ('${params.additionalProperty}')` : ''}`);
}
