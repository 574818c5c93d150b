using System.Buffers.Binary;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>Runs a job that leaves its worker at each of its calls, and comes back after other jobs.</summary>
internal sealed class ParkedRun(LiveWorker worker, Action between)
{
    private const long Remaining = 60_000_000;

    /// <summary>How often it left.</summary>
    public int Left { get; private set; }

    /// <summary>How often it stayed because of its size, or of what it did.</summary>
    public int Stayed { get; private set; }

    /// <summary>Bytes of the largest state.</summary>
    public int Largest { get; private set; }

    public JobAnswer Run(ScriptJob job, Func<CalledTool, ToolReply> tools)
    {
        ulong id = worker.Begin(job);
        List<CalledTool> calls = [], open = [];
        List<string> console = [];
        bool isParking = false;
        for (; ; )
        {
            if (worker.Pipes.Next() is not { } frame) throw new WorkerEndedException(worker.ExitCode, worker.End());
            switch (frame.Type)
            {
                case FrameType.Console:
                    console.AddRange(ConsoleMessage.Read(frame.Body, int.MaxValue, long.MaxValue).Lines.Select((line) => $"{line.Level} {line.Text}"));
                    break;
                case FrameType.ToolCall:
                    ToolCallMessage call = ToolCallMessage.Read(frame.Body);
                    calls.Add(new CalledTool(call.CallId, call.Name, call.Args.ToArray()));
                    open.Add(calls[^1]);
                    if (!isParking) worker.Send(new ParkMessage(id).Write);
                    isParking = true;
                    break;
                case FrameType.Parked:
                    ParkedMessage parked = ParkedMessage.Read(frame.Body);
                    Assert.True(isParking);
                    Assert.Equal(id, parked.JobId);
                    isParking = false;
                    if (parked.State.IsEmpty) Stayed++;
                    else ComeBack(id, parked.State.ToArray());
                    foreach (CalledTool one in open) worker.Send((frames) => tools(one).Write(frames, id, one.Id));
                    open.Clear();
                    break;
                case FrameType.Result:
                    return JobAnswer.Of(ResultMessage.Read(frame.Body), calls, console);
                default:
                    Assert.Fail($"{frame.Type} while a job runs");
                    break;
            }
        }
    }

    /// <summary>It leaves once more as soon as it is back: its memory is the same both times.</summary>
    private void ComeBack(ulong id, byte[] state)
    {
        Left++;
        Largest = Math.Max(Largest, state.Length);
        between();
        worker.Send(new UnparkMessage(id, Remaining, state).Write);
        worker.Send(new ParkMessage(id).Write);
        byte[] again = ParkedMessage.Read(worker.Expect(FrameType.Parked)).State.ToArray();
        Assert.Equal(WordsOf(state), WordsOf(again));
        between();
        worker.Send(new UnparkMessage(id, Remaining, again).Write);
    }

    /// <summary>The words of a state by address; the first ones, which say what the memory is, by their place.</summary>
    private static SortedDictionary<ulong, ulong> WordsOf(ReadOnlySpan<byte> state)
    {
        const int Saved = 152, Head = 5;
        var words = new SortedDictionary<ulong, ulong>();
        int at = Saved;
        ulong Next(ReadOnlySpan<byte> from)
        {
            at += 8;
            return BinaryPrimitives.ReadUInt64LittleEndian(from[(at - 8)..]);
        }

        for (ulong i = 0; i < Head; i++) words[i] = Next(state);
        ulong parts = (words[3] + words[4]) * 3;
        for (ulong i = 0; i < parts; i++) words[Head + i] = Next(state);
        while (at < state.Length)
        {
            ulong address = Next(state), count = Next(state);
            for (ulong i = 0; i < count; i++) words[address + (i * 8)] = Next(state);
        }

        return words;
    }
}
