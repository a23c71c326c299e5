// The calls of an answer as one chain: closed it says how many and what is going on, open it shows each with its arguments and output.
import { ChevronRight, CircleCheck, CircleHelp, CircleMinus, CircleX, Hand, LoaderCircle } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { CallState, CallView } from '../../electron/contract/conversation.ts';
import { reachable } from '../parts/roles.ts';
import { duration } from '../texts/figures.ts';
import { useTexts } from '../texts/texts.ts';

export function Chain({ calls }: { readonly calls: readonly CallView[] }) {
  const { say } = useTexts();
  const current = calls.find((call) => call.state === 'running' || call.state === 'asking');
  const worst = calls.find((call) => call.state === 'unknown') ?? calls.find((call) => call.state === 'failed' || call.state === 'denied');
  const shown = current ?? worst ?? calls.at(-1);
  if (shown === undefined) return null;
  return (
    <Disclosure className="chain">
      <Heading level={2}>
        <Button slot="trigger" className="chain-head">
          <ChevronRight className="turn" />
          <StateIcon state={shown.state} />
          <span className="chain-count">{say('chain.steps', { count: calls.length })}</span>
          <span className="chain-current" translate="no">
            {shown.tool} · {shown.title}
          </span>
          {shown.state !== 'done' && <span className={`call-state call-${shown.state}`}>{say(`call.${shown.state}`)}</span>}
        </Button>
      </Heading>
      <DisclosurePanel>
        <ol className="calls">
          {calls.map((call) => (
            <li key={call.call}>
              <Call call={call} />
            </li>
          ))}
        </ol>
      </DisclosurePanel>
    </Disclosure>
  );
}

function Call({ call }: { readonly call: CallView }) {
  const { say } = useTexts();
  const took = call.startedAt !== null && call.endedAt !== null ? duration(call.endedAt - call.startedAt, say) : '';
  return (
    <Disclosure className="call">
      <Heading level={3}>
        <Button slot="trigger" className="call-head">
          <ChevronRight className="turn" />
          <StateIcon state={call.state} />
          <span className="call-tool" translate="no">
            {call.tool}
          </span>
          <span className="call-title" translate="no">
            {call.title}
          </span>
          <span className={`call-state call-${call.state}`}>{call.state === 'done' ? took : say(`call.${call.state}`)}</span>
        </Button>
      </Heading>
      <DisclosurePanel>
        <Bytes label={say('call.arguments')} text={indented(call.arguments)} />
        {call.output !== '' && <Bytes label={say('call.output')} text={call.output} />}
      </DisclosurePanel>
    </Disclosure>
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

function StateIcon({ state }: { readonly state: CallState }) {
  switch (state) {
    case 'asking':
      return <Hand className="call-asking" />;
    case 'running':
      return <LoaderCircle className="spin" />;
    case 'done':
      return <CircleCheck className="call-done" />;
    case 'failed':
      return <CircleX className="call-failed" />;
    case 'unknown':
      return <CircleHelp className="call-unknown" />;
    case 'denied':
    case 'skipped':
      return <CircleMinus className="call-skipped" />;
  }
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
