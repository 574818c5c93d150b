using System.Buffers.Binary;
using System.Security.Cryptography;
using Enclave.Limits;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>Makes a run repeatable: the start of its randomness and time, and the order in which tool answers reach the script.</summary>
internal abstract class RunDeterminism : IRunObserver
{
    /// <summary>A random start of a script's randomness. The worker gets it, so it must reveal nothing of this process's other random numbers.</summary>
    public static ulong NewSeed() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Called once, when the run goes to its worker.</summary>
    public abstract RunOrigin Start();

    /// <summary>True if the run counts as one of the host in metrics and traces.</summary>
    public virtual bool IsMeasured => true;

    /// <summary>
    /// True if messages are limited per second. In a replay tools take no time, so an honest run may send in a moment
    /// what took minutes. The number of calls and lines stays limited.
    /// </summary>
    public virtual bool HasMessageRate => true;

    /// <summary>
    /// True if answers that the worker has not taken count as the run's memory. In a replay they wait for their turn, and the recording holds them anyway.
    /// </summary>
    public virtual bool CountsAnswers => true;

    /// <summary>The answers that go to the worker before its script begins, in the order in which the script got them.</summary>
    public virtual IReadOnlyList<ToolResultEvent> Ahead => [];

    /// <summary>The memory of the answers that go ahead, until the worker has taken them.</summary>
    public HeldMemory AheadMemory { get; init; } = HeldMemory.None;

    /// <summary>Answers all calls of the run by itself; null if its tools do.</summary>
    public virtual IToolInvoker? Answers => null;

    /// <summary>The waits of the run; null if it cannot be suspended.</summary>
    public virtual LongWaits? Waits => null;

    /// <summary>Says if the script did this before, and if its call has its answer. Called in the order of the run's events.</summary>
    /// <param name="job">The run.</param>
    /// <param name="happened">The event; afterwards, if it happened before, what the journal has of it.</param>
    public virtual Repetition Repeats(ExecutionJob job, ref ExecutionEvent happened) => Repetition.None;

    /// <summary>Its invoker of the run's tool calls at a rank; the next one if it has none there.</summary>
    public virtual IToolInvoker Station(StationRank rank, IToolInvoker next) => next;

    /// <summary>A key that belongs to this call alone, also when it is made again; null for a run that cannot be resumed.</summary>
    public virtual string? KeyOf(uint call) => null;

    /// <summary>Completes when the worker has all answers that go ahead.</summary>
    public virtual Task Ready => Task.CompletedTask;

    /// <summary>The worker has all answers that are sent ahead. Before this no other answer may be sent, because it would change their order.</summary>
    public virtual void SentAhead()
    {
    }

    /// <summary>The code of the recorded failure of a call; null if it did not fail, or has no recorded answer.</summary>
    public virtual string? FailureOf(uint call) => null;

    /// <summary>A call is about to be answered: until then it counts as a call without an answer.</summary>
    public virtual void Answering()
    {
    }

    /// <summary>A tool has answered. The answer goes to the script through <paramref name="hand"/>, now or when its turn comes.</summary>
    /// <param name="call">The number of the call.</param>
    /// <param name="outcome">The value or the failure.</param>
    /// <param name="drop">Releases the answer if it is not handed over.</param>
    /// <param name="hand">Hands the answer over with the time that the given function returns, which is called in the order in which answers go.</param>
    public abstract void Answered(uint call, in ToolOutcome outcome, Action drop, Action<Func<long>> hand);

    /// <inheritdoc/>
    public abstract void Take(ExecutionJob job, ExecutionEvent happened);

    /// <inheritdoc/>
    public virtual void Settled(ExecutionJob job, ExecutionResult? result)
    {
    }
}
