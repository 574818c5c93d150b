using System.Buffers;
using System.IO.Pipelines;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Filters;
using Enclave.Broker.Sessions;
using Enclave.Limits;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Endpoints;

/// <summary>Sends a session's events to one reader, from a given number to the last.</summary>
internal sealed class EventStream(BrokerOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>Bytes that a reader has to take within its time. A whole event may be larger than a slow reader can take in it.</summary>
    private const int Slice = 64 * 1024;

    /// <summary>Events beyond a page that only their readers still hold: as many bytes as a few sessions keep.</summary>
    private readonly ByteBudget _late = new(4 * options.MaxLogBytes);

    /// <summary>A reader that waits for its first event gets the response head after this time. Errors before it still have their own status.</summary>
    private static readonly TimeSpan s_head = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Sends the events. A reader that reads nothing for too long is disconnected and may reconnect. A reader that
    /// falls behind the kept events continues at the oldest kept one.
    /// </summary>
    /// <param name="share">The owner's share of filtering, if the filter reads event contents; otherwise null.</param>
    /// <param name="leave">Cancelled when the reader should reconnect elsewhere: the stream ends at once.</param>
    public async Task SendAsync(HttpContext context, ISessionView session, long from, EventFilter? filter, FilterQuota? share, CancellationToken leave)
    {
        HttpResponse response = context.Response;
        response.ContentType = ServerSentEvents.AreWanted(context.Request) ? ServerSentEvents.MediaType : StreamProtocol.MediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Session-ID"] = session.Id;
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol)) response.Headers.Connection = "keep-alive";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, leave);
        session.ReaderCame();
        try
        {
            await SendAllAsync(context, session, Math.Max(1, from), filter, share, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader disconnected, or should reconnect elsewhere.
        }
        finally
        {
            session.ReaderLeft();
        }
    }

    private async Task SendAllAsync(HttpContext context, ISessionView session, long next, EventFilter? filter, FilterQuota? share, CancellationToken end)
    {
        var events = new List<LoggedEvent>();
        while (true)
        {
            events.Clear();
            ReadOutcome outcome = await ReadAsync(context, session, next, events, end).ConfigureAwait(false);
            if (outcome == ReadOutcome.Ended)
            {
                TellThatItEnded(context);
                return;
            }

            if (outcome == ReadOutcome.Lost && session.FirstKept is var kept && kept > next)
            {
                // The reader was too slow, and events were dropped. Their numbers are missing; the last event is not.
                next = kept;
                continue;
            }

            if (outcome == ReadOutcome.Lost)
            {
                context.Abort();
                return;
            }

            next = events[^1].Seq + 1;
            if (!await SendAsync(context, session, events, filter, share, end).ConfigureAwait(false)) return;
        }
    }

    /// <summary>Reads the next events. Sends the response head first if they take long.</summary>
    private async ValueTask<ReadOutcome> ReadAsync(HttpContext context, ISessionView session, long next, List<LoggedEvent> events, CancellationToken end)
    {
        ValueTask<ReadOutcome> reading = session.ReadAsync(next, events, end);
        if (reading.IsCompleted || context.Response.HasStarted) return await reading.ConfigureAwait(false);
        Task<ReadOutcome> outcome = reading.AsTask();
        await ((Task)outcome).WaitAsync(s_head, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!outcome.IsCompleted) await context.Response.BodyWriter.FlushAsync(end).ConfigureAwait(false);
        return await outcome.ConfigureAwait(false);
    }

    /// <summary>An <c>EventSource</c> that has all events connects again, until the status is 204.</summary>
    private static void TellThatItEnded(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentType != ServerSentEvents.MediaType) return;
        (context.Response.StatusCode, context.Response.ContentType) = (StatusCodes.Status204NoContent, null);
    }

    /// <summary>Sends the available events, in slices that each have their own time. Returns false if the reader is gone.</summary>
    private async ValueTask<bool> SendAsync(
        HttpContext context, ISessionView session, List<LoggedEvent> events, EventFilter? filter, FilterQuota? share, CancellationToken end)
    {
        PipeWriter writer = context.Response.BodyWriter;
        bool isServerSent = context.Response.ContentType == ServerSentEvents.MediaType;
        foreach (LoggedEvent happened in events)
        {
            bool passes = filter is null || (share is null ? happened.Passes(filter) : await share.PassesAsync(filter, happened, end).ConfigureAwait(false));
            if (!passes) continue;
            if (isServerSent) ServerSentEvents.Begin(writer, happened);
            if (!await SendAsync(context, session, happened).ConfigureAwait(false)) return false;
            if (isServerSent) ServerSentEvents.End(writer);
        }

        return await FlushAsync(context, session).ConfigureAwait(false);
    }

    /// <summary>Sends one event but for its last part. Returns false if the reader is gone.</summary>
    private async ValueTask<bool> SendAsync(HttpContext context, ISessionView session, LoggedEvent happened)
    {
        PipeWriter writer = context.Response.BodyWriter;
        string payer = "";
        long late = 0;
        try
        {
            for (ReadOnlyMemory<byte> rest = happened.Sent; !rest.IsEmpty;)
            {
                int taken = Math.Clamp(Slice - (int)writer.UnflushedBytes, 1, rest.Length);
                writer.Write(rest.Span[..taken]);
                rest = rest[taken..];
                if (writer.UnflushedBytes < Slice) continue;
                if (!await FlushAsync(context, session).ConfigureAwait(false)) return false;
                if (late > 0 || happened.Bytes <= EventLines.PageBytes || session.Holds(happened.Seq)) continue;
                payer = Caller.Of(context).Payer(context);
                if (!_late.TryTake(payer, happened.Bytes))
                {
                    // The reader may reconnect, and then gets the events that are still kept.
                    context.Abort();
                    return false;
                }

                late = happened.Bytes;
            }

            return true;
        }
        finally
        {
            _late.Give(payer, late);
        }
    }

    /// <summary>Waits until the reader has taken enough of the written bytes. Returns false if the reader is gone.</summary>
    private async ValueTask<bool> FlushAsync(HttpContext context, ISessionView session)
    {
        ValueTask<FlushResult> flush = context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (flush.IsCompletedSuccessfully) return !flush.Result.IsCompleted;
        try
        {
            return !(await flush.AsTask().WaitAsync(options.ReaderTimeout, clock, CancellationToken.None).ConfigureAwait(false)).IsCompleted;
        }
        catch (TimeoutException)
        {
            BrokerLog.SlowReader(log, session.Id, options.ReaderTimeout.TotalSeconds);
            context.Abort();
            return false;
        }
    }
}
