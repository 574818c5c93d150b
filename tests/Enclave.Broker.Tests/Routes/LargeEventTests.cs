using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Enclave.Broker.Endpoints;
using Enclave.Broker.Errors;
using Enclave.Broker.Sessions;
using Enclave.Testing;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Broker.Tests.Routes;

/// <summary>A large event for a reader that is slow, but reads.</summary>
public sealed class LargeEventTests
{
    private const int Slice = 64 * 1024;

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_reader_that_takes_a_slice_in_less_than_its_time_gets_all_of_the_last_event()
    {
        byte[] line = new byte[5_000_000];
        Random.Shared.NextBytes(line);

        (byte[] got, bool isCut) = await Read(line, TimeSpan.FromSeconds(29));

        Assert.False(isCut);
        Assert.Equal(line, got);
    }

    /// <summary>Readers may hold together what four sessions keep, and those of one client what two keep.</summary>
    [Theory]
    [InlineData(3 << 20, false)]
    [InlineData(2 << 20, true)]
    public async Task A_slow_reader_holds_an_event_that_is_not_kept_any_more_only_within_a_bound(long maxLogBytes, bool isCut)
    {
        (byte[] got, bool wasCut) = await Read(new byte[5_000_000], TimeSpan.FromSeconds(1), maxLogBytes, firstKept: 2);

        Assert.Equal((isCut, isCut), (wasCut, got.Length < 1_000_000));
    }

    [Fact]
    public async Task A_reader_that_takes_no_slice_in_its_time_is_disconnected()
    {
        (byte[] got, bool isCut) = await Read(new byte[5_000_000], TimeSpan.FromSeconds(30));

        Assert.True(isCut);
        Assert.InRange(got.Length, Slice, 3 * Slice);
    }

    /// <summary>Reads a session with this event alone, one slice in each period.</summary>
    private async Task<(byte[] Got, bool IsCut)> Read(byte[] line, TimeSpan period, long maxLogBytes = 16 << 20, long firstKept = 1)
    {
        // A write waits for its reader if more than a slice is unread, as Kestrel's does.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Slice, resumeWriterThreshold: Slice / 2, useSynchronizationContext: false));
        var life = new Life();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new Body(pipe.Writer));
        context.Features.Set<IHttpRequestLifetimeFeature>(life);
        var options = new BrokerOptions { ReaderTimeout = TimeSpan.FromSeconds(30), MaxLogBytes = maxLogBytes };
        Task sending = Send();
        var got = new MemoryStream();
        while (true)
        {
            ReadResult read = await Within.Deadline(pipe.Reader.ReadAsync().AsTask(), "slice");
            ReadOnlySequence<byte> slice = read.Buffer.Slice(0, Math.Min(Slice, read.Buffer.Length));
            got.Write(slice.ToArray());
            if (read.IsCompleted && slice.Length == read.Buffer.Length) break;
            if (slice.Length == Slice && !read.IsCompleted)
            {
                // The sender waits for this slice to be taken.
                await Within.Becomes(() => _clock.Armed > 0 || sending.IsCompleted, "the sender waits");
                _clock.Advance(period);
            }

            pipe.Reader.AdvanceTo(slice.End);
        }

        await Within.Deadline(sending, "end of the stream");
        return (got.ToArray(), life.IsCut);

        async Task Send()
        {
            var session = new OneEvent(line, firstKept);
            await new EventStream(options, _clock, NullLogger.Instance).SendAsync(context, session, 1, null, null, CancellationToken.None);
            await pipe.Writer.CompleteAsync();
        }
    }

    private sealed class OneEvent(byte[] line, long firstKept) : ISessionView
    {
        public string Id => "s_large";

        public bool IsElsewhere => false;

        public long FirstKept => firstKept;

        public bool Holds(long seq) => firstKept <= seq;

        public void WriteInfo(Utf8JsonWriter writer) => throw new NotSupportedException();

        public ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken)
        {
            if (from > 1) return new(ReadOutcome.Ended);
            events.Add(new LoggedEvent(1, "final", line, line));
            return new(ReadOutcome.Events);
        }

        public void ReaderCame()
        {
        }

        public void ReaderLeft()
        {
        }

        public ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => writer.AsStream();

        public PipeWriter Writer => writer;

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class Life : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public bool IsCut { get; private set; }

        public void Abort() => IsCut = true;
    }
}
