using Enclave.Host.Tests.Records;

namespace Enclave.Host.Tests.Durable;

/// <summary>Programs as for replays, with all that durable runs can wait for, in the constructs in which an author would wait.</summary>
internal sealed class WaitingPrograms(Random random) : RepeatablePrograms(random)
{
    private readonly Random _random = random;
    private int _names;

    protected override string Statement(int depth)
    {
        int time = _random.Next(1_000, 900_000);
        string name = $"w{_names++}";
        return _random.Next(20) switch
        {
            0 => $"await sleep({time}); seen.push(Date.now());",
            1 => $"await waitUntil(new Date(Date.now() + {time})); console.log('woke', Date.now());",
            2 => $"seen.push(await waitFor('{name}'));",
            3 => $"try {{ seen.push(await waitFor('{name}', {{ timeout: {time} }})); }} catch (e) {{ seen.push(e.code); }}",
            4 => $"try {{ seen.push(await callTool('fail', {{ x: Math.random() }})); }} catch (e) {{ seen.push(e.message); }} " +
                $"finally {{ await sleep({time}); seen.push(await callTool('echo', {{ at: Date.now() }})); }}",
            5 => $"seen.push(await Promise.race([sleep({time}).then(() => 'late'), callTool('later', {{ n: 1 }}), waitFor('{name}')]));",
            6 => $"seen.push(await Promise.all([sleep({time}).then(() => Date.now()), callTool('echo', {{ x: Math.random() }}), waitFor('{name}')]));",
            7 when depth > 0 => $"for (let {name} = 0; Math.random() < 0.6 && {name} < 4; {name}++) {{ await sleep({time}); {Statement(depth - 1)} }}",
            8 when depth > 0 => $"const {name} = async () => {{ try {{ {Statement(depth - 1)} return await callTool('odd', {{}}); }} " +
                $"finally {{ console.log('done', Date.now()); }} }}; seen.push(...await Promise.allSettled([{name}(), waitFor('{name}')]));",
            9 => $"const {name} = callTool('later', {{ n: Math.random() }}); await sleep({time}); seen.push(await {name});",
            _ => base.Statement(depth),
        };
    }
}
