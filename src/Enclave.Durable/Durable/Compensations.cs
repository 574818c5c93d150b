using System.Text.Json;
using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>Undoes the calls of a run that failed, the last one first. Each compensation is in the journal before it begins, and when it is over.</summary>
/// <param name="host">The host.</param>
/// <param name="journal">The run's journal. It gets no other entries any more.</param>
/// <param name="given">The run's own tools and context, where the host has them.</param>
/// <param name="purpose">The right to the run. With <see cref="TakePurpose.End"/> no tool is called, and the history says so.</param>
internal sealed class Compensations(DurableHost host, RunJournal journal, RunOptions? given, TakePurpose purpose)
{
    private const int MaxMessage = 200;

    /// <summary>How long a run waits for a host that has the tool of a call: as long as ended runs are kept by default.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromDays(7);

    /// <summary>Undoes the calls that are left. False if this host lacks a tool, or ends: then another host continues.</summary>
    /// <param name="history">What happened in the run.</param>
    /// <param name="isClosing">True once the host begins nothing more.</param>
    /// <param name="cancellationToken">Cancelled when the host no longer waits for a compensation that has begun.</param>
    /// <exception cref="JournalException">The store failed, or another host has taken the run.</exception>
    public async Task<bool> TryMakeAsync(JournalHistory history, Func<bool> isClosing, CancellationToken cancellationToken)
    {
        RunOptions? options = null;
        foreach ((ToolCallEvent call, ToolResultEvent answer) in history.Undoable())
        {
            NoticeKind? state = history.CompensationOf(call.Call);
            if (state is not (null or NoticeKind.Compensating)) continue;
            if (isClosing()) return false;
            options ??= DurablePart.OptionsOf(host, journal.Run.Key, history, given);
            ToolDefinition? tool = host.Tools.Find(options, call.Name);
            bool isBegun = state is not null;
            if (purpose == TakePurpose.End)
                await NoteAsync(call, NoticeKind.CompensationUnknown, "the database was restored: nothing was called").ConfigureAwait(false);
            else if (tool is null && host.Now - history.Failing!.Time < s_patience)
                return false;
            else if (tool?.Options.Compensate is null)
                await NoteAsync(call, NoticeKind.CompensationFailed, "no host has a compensation for it any more").ConfigureAwait(false);
            else if (isBegun && !tool.Options.Idempotent)
                await NoteAsync(call, NoticeKind.CompensationUnknown, "its host ended meanwhile").ConfigureAwait(false);
            else if (!await TryUndoAsync(tool, call, answer, isBegun, history.Opened, cancellationToken).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    private async Task<bool> TryUndoAsync(
        ToolDefinition tool, ToolCallEvent call, ToolResultEvent answer, bool isBegun, JournalEntry.Opened opened, CancellationToken cancellationToken)
    {
        if (!isBegun) await NoteAsync(call, NoticeKind.Compensating, null).ConfigureAwait(false);
        var context = new ToolContext(given?.Context, journal.Run.Key.Tenant, opened.SourceName, cancellationToken)
        {
            RunId = opened.RunId,
            IdempotencyKey = $"{journal.Run.Journal:n}:{call.Call}:undo",
        };
        try
        {
            await host.Tools.UndoAsync(tool, call.Args, answer.Value, context).ConfigureAwait(false);
        }
        catch (ToolException fault)
        {
            await NoteAsync(call, NoticeKind.CompensationFailed, fault.Code is null ? fault.Message : $"{fault.Code}: {fault.Message}").ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await NoteAsync(call, NoticeKind.Compensated, null).ConfigureAwait(false);
        return true;
    }

    private async Task NoteAsync(ToolCallEvent call, NoticeKind kind, string? message)
    {
        // Hosts read a bounded journal, and a notice follows the bound for scripts.
        if (journal.Run.Bytes > 2 * host.MaxRunBytes) message = null;
        if (message?.Length > MaxMessage) message = message[..MaxMessage];
        var notice = new NoticeEvent { Time = host.Now, Kind = kind, Call = call.Call, Name = call.Name, Message = message };
        await journal.LeaveAsync(new JournalEntry.Happened(notice), (run) => run).ConfigureAwait(false);
    }
}
