using Enclave.Diagnostics;
using Enclave.Protocol;
using Enclave.Queues;
using Enclave.Runs;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>One registered tool in one host, with its limits: who may call it, how often, how many at once, for how long.</summary>
#pragma warning disable CA1001 // A semaphore without a wait handle holds nothing to dispose.
internal sealed class RegisteredTool
#pragma warning restore CA1001
{
    /// <summary>The time of a compensation whose tool has none.</summary>
    private static readonly TimeSpan s_undoTime = TimeSpan.FromMinutes(1);

    private readonly ToolDefinition _definition;
    private readonly ToolSettings _settings;
    private readonly ApprovalGate _approvals;
    private readonly Func<ToolInvocation, bool> _isPresent;
    private readonly ILogger _log;
    private readonly RateWindow? _rate;
    private readonly SemaphoreSlim? _turns;
    private int _underWay;

    /// <param name="definition">The tool.</param>
    /// <param name="settings">The host's settings of tools.</param>
    /// <param name="approvals">Asks the application.</param>
    /// <param name="isPresent">False once a call of the same name would reach another tool, or none.</param>
    /// <param name="log">The log of the host.</param>
    public RegisteredTool(ToolDefinition definition, ToolSettings settings, ApprovalGate approvals, Func<ToolInvocation, bool> isPresent, ILogger log)
    {
        (_definition, _settings, _approvals, _isPresent, _log) = (definition, settings, approvals, isPresent, log);
        if (Options.RateLimit is { } rate) _rate = new RateWindow(rate, settings.Clock);
        if (Options.MaxConcurrency is { } turns) _turns = new SemaphoreSlim(turns, turns);
    }

    private string Name => _definition.Name;

    /// <summary>Calls that wait for their turn or are running, including tools whose runs no longer wait for them.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    private ToolOptions Options => _definition.Options;

    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (!_definition.IsOpenTo(call.Context.Tenant)) throw ToolFault.NotAllowed(Name);
        object? arguments = ArgumentBinder.Bind(_definition, call.Args, call.Job.ArgumentWork, call.Context, _settings.VerboseErrors);
        if (Options.MaxCalls is { } calls && !call.Job.ToolCounts.TryTake(Name, calls)) throw ToolFault.MaxCalls(Name, calls);
        if (_rate is not null && !_rate.TryTake(call.Job.TenantKey, out TimeSpan wait)) throw ToolFault.RateLimited(Name, Options.RateLimit!, wait);
        if (Options.RequiresApproval) await _approvals.AskAsync(_definition, call).ConfigureAwait(false);
        Interlocked.Increment(ref _underWay);
        try
        {
            // Only the approved tool may be called: its source may have changed it during the wait for the approval or for a place.
            if (!_isPresent(call)) throw ToolFault.Changed(Name);
            await TakeTurnAsync(call.Context.CancellationToken).ConfigureAwait(false);
            if (!_isPresent(call))
            {
                _turns?.Release();
                throw ToolFault.Changed(Name);
            }
        }
        catch
        {
            Interlocked.Decrement(ref _underWay);
            throw;
        }

        return await InvokeAsync(call, arguments).ConfigureAwait(false);
    }

    /// <summary>Undoes a call, within the tool's time and limit of calls at once.</summary>
    /// <exception cref="ToolException">The compensation failed, or did not end in time.</exception>
    /// <exception cref="OperationCanceledException">The host ends.</exception>
    public async Task UndoAsync(ScriptValue args, ScriptValue answer, ToolContext context)
    {
        TimeSpan limit = Options.Timeout ?? s_undoTime;
        var time = new CallTime(limit, _settings.Clock, context.CancellationToken);
        Interlocked.Increment(ref _underWay);
        // A compensation that blocks, or ignores its token, delays nothing but itself.
        var threads = new HandlerTurns(IQueued.KeyOf(context.Tenant));
        Task<ToolException?> work = threads.Run(() => UndoInTurnAsync(args, answer, context, threads, time));
        try
        {
            if (await work.WaitAsync(time.Token).ConfigureAwait(false) is not { } fault) return;
            context.CancellationToken.ThrowIfCancellationRequested();
            throw time.IsOver ? ToolFault.Timeout(Name, limit) : fault;
        }
        catch (OperationCanceledException) when (time.IsOver)
        {
            throw ToolFault.Timeout(Name, limit);
        }
    }

    private async Task<ToolException?> UndoInTurnAsync(ScriptValue args, ScriptValue answer, ToolContext context, HandlerTurns threads, CallTime time)
    {
        ToolSecrets secrets = ToolSecrets.None;
        bool hasTurn = false;
        try
        {
            if (_turns is not null) await _turns.WaitAsync(time.Token).ConfigureAwait(false);
            hasTurn = true;
            secrets = await SecretLookup.FindAsync(_definition, _settings.Secrets, context.Tenant, time.Token).ConfigureAwait(false);
            return await threads.Run(async () =>
            {
                await Options.Compensate!(args, answer, context.With(secrets).Until(time.Token)).ConfigureAwait(false);
                return (ToolException?)null;
            }).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A compensation may throw anything. The log and the history get the message.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Exception shown = fault is ToolException told ? secrets.Mask.Of(told) : secrets.Mask.Of(fault);
            Log.CompensationFailed(_log, Name, LogText.Name(context.Tenant), LogText.Name(context.RunId), shown);
            return shown as ToolException ?? ToolFault.Failed(Name, _settings.DetailedErrors || _settings.VerboseErrors ? shown.Message : null, shown);
        }
        finally
        {
            if (hasTurn) _turns?.Release();
            Interlocked.Decrement(ref _underWay);
            time.Dispose();
        }
    }

    /// <summary>Waits for a turn, but no longer than a call may take.</summary>
    private async Task TakeTurnAsync(CancellationToken run)
    {
        if (_turns is null || _turns.Wait(0, CancellationToken.None)) return;
        using var time = new CallTime(Options.Timeout, _settings.Clock, run);
        try
        {
            await _turns.WaitAsync(time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (time.IsOver)
        {
            throw ToolFault.Busy(Name, Options.MaxConcurrency!.Value, Options.Timeout!.Value);
        }
    }

    private async Task<ScriptValue> InvokeAsync(ToolInvocation call, object? arguments)
    {
        var time = new CallTime(Options.Timeout, _settings.Clock, call.Context.CancellationToken);
        // Retained until the tool ends, even if the run no longer waits for it.
        call.Memory.Retain();
        // Call the tool on another thread, so that a blocking tool delays neither the answer nor the run.
        Task<Answer> work = call.Job.Turns.Run(() => WorkAsync(call, arguments, time));
        Answer answer;
        try
        {
            answer = await work.WaitAsync(time.Token).ConfigureAwait(false);
            if (answer.Later is null) return answer.Fault is null ? answer.Value! : throw answer.Fault;
        }
        catch (OperationCanceledException) when (time.IsOver)
        {
            throw ToolFault.Timeout(Name, Options.Timeout!.Value);
        }

        return Masked(await ToolResult.WaitAsync(call, answer.Later, _settings.Clock).ConfigureAwait(false), answer.Secrets!);
    }

    /// <summary>Masks the tool's secrets in an answer that came later, perhaps to a call of another process.</summary>
    /// <exception cref="ToolException">The answer is a failure, or a secret cannot be read: then it is unknown whether the answer has the secret.</exception>
    public async Task<ScriptValue> MaskLaterAsync(ToolInvocation call, JournalAnswer answer)
    {
        ToolSecrets secrets;
        try
        {
            secrets = await SecretLookup.FindAsync(_definition, _settings.Secrets, call.Context.Tenant, call.Context.CancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The application's source may fail with anything.
        catch (Exception fault) when (fault is not (ToolException or OperationCanceledException))
#pragma warning restore CA1031
        {
            Log.ToolFailed(_log, Name, LogText.Name(call.Context.Tenant), LogText.Name(call.Job.RunId), fault);
            throw ToolFault.Failed(Name, null, fault);
        }

        return Masked(answer, secrets);
    }

    private static ScriptValue Masked(JournalAnswer answer, ToolSecrets secrets)
    {
        try
        {
            return secrets.Mask.Of(answer.Take());
        }
        catch (ToolException fault)
        {
            throw secrets.Mask.Of(fault);
        }
    }

    /// <summary>The tool's own work. It ends with the tool, even if the run no longer waits for it; never throws.</summary>
    private async Task<Answer> WorkAsync(ToolInvocation call, object? arguments, CallTime time)
    {
        ToolSecrets secrets = ToolSecrets.None;
        try
        {
            // The run ended while this call waited for a thread. A tool must not act for a finished run.
            if (call.Job.IsSettled) throw new OperationCanceledException(time.Token);
            time.Token.ThrowIfCancellationRequested();
            ValueTask<ToolSecrets> lookup = SecretLookup.FindAsync(_definition, _settings.Secrets, call.Context.Tenant, time.Token);
            bool isHere = lookup.IsCompleted;
            secrets = await lookup.ConfigureAwait(false);
            ToolContext context = call.Context.With(secrets);
            // A source that awaited has left the thread for handlers.
            object? result = isHere ? await _definition.Body(arguments, context, time.Token).ConfigureAwait(false)
                : await call.Job.Turns.Run(() => _definition.Body(arguments, context, time.Token)).ConfigureAwait(false);
            if (result is LaterResult later) return new Answer(null, null, later, secrets);
            ScriptValue value = await ToolResult.ToValueAsync(_definition, result, call.Job.Limits.MaxValueBytes, time.Token).ConfigureAwait(false);
            call.Job.ToolCounts.NoteAnswer(Name, value);
            return new Answer(call.Job.ToolCounts.Masked(value, secrets.Mask.Of(value)), null);
        }
        catch (ToolException fault)
        {
            return new Answer(null, secrets.Mask.Of(fault));
        }
#pragma warning disable CA1031 // A tool may throw anything. Only the log gets the message, unless the operator lets scripts see it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (fault is OperationCanceledException && (time.Token.IsCancellationRequested || call.Job.IsSettled)) return new Answer(null, TimedOut(fault));
            Exception shown = secrets.Mask.Of(fault);
            Log.ToolFailed(_log, Name, LogText.Name(call.Context.Tenant), LogText.Name(call.Job.RunId), shown);
            if (_settings.DetailedErrors) return new Answer(null, new ToolException(shown.Message, shown));
            return new Answer(null, ToolFault.Failed(Name, _settings.VerboseErrors ? shown.Message : null, shown));
        }
        finally
        {
            call.Memory.Release();
            _turns?.Release();
            Interlocked.Decrement(ref _underWay);
            time.Dispose();
        }
    }

    /// <summary>The failure of a tool that obeyed its token. If the run has ended, it has no reader.</summary>
    private ToolException TimedOut(Exception fault) =>
        Options.Timeout is { } limit ? ToolFault.Timeout(Name, limit) : ToolFault.Failed(Name, null, fault);

    private readonly record struct Answer(ScriptValue? Value, ToolException? Fault, LaterResult? Later = null, ToolSecrets? Secrets = null);
}
