using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>What makes a run repeatable: where its randomness and time start, and which tool answer reaches the script when.</summary>
internal abstract class RunDeterminism : RunObserver
{
    /// <summary>Asked once, when the run goes to its worker.</summary>
    public abstract RunOrigin Start();

    /// <summary>True if messages are counted by the second. A replay's tools take no time, so that an honest run may send in a moment what took it minutes; its number of calls and lines stays bounded.</summary>
    public virtual bool HasMessageRate => true;

    /// <summary>
    /// True if answers that the worker has not taken count as the run's memory. A replay's wait for their turn, and its recording has them anyway.
    /// </summary>
    public virtual bool CountsAnswers => true;

    /// <summary>A tool has answered: the answer goes to the script through <paramref name="send"/>, now or in its turn.</summary>
    /// <param name="call">The call.</param>
    /// <param name="outcome">What it came to.</param>
    /// <param name="send">Sends the answer with the time that the other function gives, which is asked in the order of sending, and only for an answer that is sent.</param>
    public abstract void Answered(ToolInvocation call, ToolOutcome outcome, Action<Func<long>> send);
}
