using Enclave.Guard;

namespace Enclave;

/// <summary>Runs scripts that nobody trusts. Safe for use from any number of threads.</summary>
public interface IEnclave : IAsyncDisposable
{
    /// <summary>Runs one program and gives its one answer.</summary>
    /// <param name="code">A function body in JavaScript: <c>return</c> and <c>await</c> stand at its top level.</param>
    /// <param name="options">What this run has that differs from the host's options; null for none.</param>
    /// <param name="cancellationToken">Ends the run; the task is then cancelled.</param>
    /// <returns>The result, also of every failure that a script, a full queue or a dying worker can cause.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed before this call.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<ExecutionResult> RunAsync(string code, RunOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Judges a program without running it: what <see cref="RunAsync"/> would refuse, and what it would only remark on. Needs no worker.</summary>
    /// <param name="code">The program.</param>
    /// <param name="options">What this run would have; only <see cref="RunOptions.Globals"/> matters here.</param>
    ValidationResult Validate(string code, RunOptions? options = null);

    /// <summary>Scores a program with the documented rules, without running it. Needs no worker.</summary>
    ScoreResult Score(string code);

    /// <summary>What the pool holds at this moment.</summary>
    PoolSnapshot GetSnapshot();
}
