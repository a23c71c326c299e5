// The calls of an answer as one chain: closed it says how many and what is going on, open it shows each with its arguments and output.
import type { CallView } from '../../electron/contract/conversation.ts';
import { reachable } from '../parts/roles.ts';
import { duration } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';
import { Fold } from './fold.tsx';
import { StateIcon } from './state.tsx';

export function Chain({ calls }: { readonly calls: readonly CallView[] }) {
  const { say } = useTexts();
  const current = calls.find((call) => call.state === 'running' || call.state === 'asking');
  const worst = calls.find((call) => call.state === 'unknown') ?? calls.find((call) => call.state === 'failed' || call.state === 'denied');
  const shown = current ?? worst ?? calls.at(-1);
  if (shown === undefined) return null;
  const line = (
    <>
      <StateIcon state={shown.state} />
      <span className="chain-count">{say('chain.steps', { count: calls.length })}</span>
      <span className="chain-current" translate="no">
        {shown.tool} · {shown.title}
      </span>
      {shown.state !== 'done' && <span className={`call-state call-${shown.state}`}>{say(`call.${shown.state}`)}</span>}
    </>
  );
  return (
    <Fold className="chain" look="chain-head" line={line}>
      <ol className="calls">
        {calls.map((call) => (
          <li key={call.call}>
            <Call call={call} />
          </li>
        ))}
      </ol>
    </Fold>
  );
}

function Call({ call }: { readonly call: CallView }) {
  const { say } = useTexts();
  const took = call.startedAt !== null && call.endedAt !== null ? duration(call.endedAt - call.startedAt, say) : '';
  const line = (
    <>
      <StateIcon state={call.state} />
      <span className="call-tool" translate="no">
        {call.tool}
      </span>
      <span className="call-title" translate="no">
        {call.title}
      </span>
      <span className={`call-state call-${call.state}`}>{call.state === 'done' ? took : say(`call.${call.state}`)}</span>
    </>
  );
  return (
    <Fold className="call" look="call-head" level={3} line={line}>
      <Bytes label={say('call.arguments')} text={indented(call.arguments)} />
      {call.output !== '' && <Bytes label={say('call.output')} text={call.output} />}
    </Fold>
  );
}

function Bytes({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <p className="bytes-label">{label}</p>
      <pre {...reachable(label)} className="bytes">
        {text}
      </pre>
    </>
  );
}

/** Arguments are JSON as the model wrote it; what does not parse is shown as it is. */
function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}
