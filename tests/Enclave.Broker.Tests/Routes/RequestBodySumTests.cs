using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using Enclave.Broker.Endpoints;
using Enclave.Broker.Errors;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Many slow bodies at the same time.</summary>
public sealed class RequestBodySumTests
{
    private const int Large = 1_900_000;

    /// <summary>The room for large bodies: 128 MB and four of the largest.</summary>
    private const long Room = (128 << 20) + (4 * (2 << 20));

    private readonly RequestBody _bodies = new(new BrokerOptions(), TimeProvider.System);
    private readonly byte[] _bytes = new byte[Large];

    [Fact]
    public async Task Large_bodies_that_do_not_end_leave_room_for_others()
    {
        SlowBody[] slow = [.. Enumerable.Range(0, 200).Select((_) => new SlowBody(_bytes))];
        Task<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)>[] reading = [.. slow.Select(Read)];
        SlowBody[] held = [.. slow.Where((_, i) => !reading[i].IsCompleted)];

        Assert.InRange(held.Length, 10, Room / (Large - (64 << 10)));
        foreach (Task<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)> refused in reading.Where((one) => one.IsCompleted))
        {
            BrokerError refusal = (await refused).Refusal!;
            Assert.Equal((503, "SERVICE_UNAVAILABLE", TimeSpan.FromSeconds(1)), (refusal.Status, refusal.Code, refusal.RetryAfter));
        }

        // A small body may be slow, too, and one that is complete waits for nothing.
        var small = new SlowBody(new byte[1_000]);
        Task<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)> readingSmall = Read(small);
        Assert.False(readingSmall.IsCompleted);
        var whole = new SlowBody(_bytes);
        whole.End();
        Assert.Equal(Large, (await Within.Deadline(Read(whole), "a body that is complete")).Body.Length);

        // Room comes back with the end of a body, read or not.
        foreach (SlowBody one in held) one.End();
        small.End();
        Assert.Equal(1_000, (await Within.Deadline(readingSmall, "the small body")).Body.Length);
        await Within.Deadline(Task.WhenAll(reading), "the end of the large bodies");
        SlowBody[] later = [.. held.Select((_) => new SlowBody(_bytes))];
        Assert.All(later.Select(Read).ToArray(), (read) => Assert.False(read.IsCompleted));
        foreach (SlowBody one in later) one.End();
    }

    [Fact]
    public async Task A_client_that_fills_its_share_leaves_room_for_others()
    {
        SlowBody[] slow = [.. Enumerable.Range(0, 200).Select((_) => new SlowBody(_bytes))];
        Task[] reading = [.. slow.Select((body) => Read(body, "loud"))];
        Assert.InRange(reading.Count((one) => !one.IsCompleted), 10, Room / 2 / (Large - (64 << 10)));

        SlowBody[] quiet = [.. Enumerable.Range(0, 10).Select((_) => new SlowBody(_bytes))];
        Task[] others = [.. quiet.Select((body) => Read(body, "quiet"))];

        Assert.All(others, (read) => Assert.False(read.IsCompleted));
        foreach (SlowBody one in (SlowBody[])[.. slow, .. quiet]) one.End();
        await Within.Deadline(Task.WhenAll([.. reading, .. others]), "the end of all bodies");
    }

    private Task<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)> Read(SlowBody body) => Read(body, null);

    private Task<(ReadOnlyMemory<byte> Body, BrokerError? Refusal)> Read(SlowBody body, string? client)
    {
        var context = new DefaultHttpContext();
        if (client is not null) context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, client)], "test"));
        context.Features.Set<IRequestBodyPipeFeature>(new Feature(body));
        return _bodies.ReadAsync(context).AsTask();
    }

    private sealed class Feature(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    /// <summary>A body whose bytes have arrived but for its end.</summary>
    private sealed class SlowBody(byte[] arrived) : PipeReader
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isRead;

        public void End() => _end.TrySetResult();

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            if (_isRead) await _end.Task.WaitAsync(cancellationToken);
            _isRead = true;
            return new ReadResult(new ReadOnlySequence<byte>(arrived), isCanceled: false, _end.Task.IsCompleted);
        }

        public override void AdvanceTo(SequencePosition consumed)
        {
        }

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
        }

        public override void CancelPendingRead() => throw new NotSupportedException();

        public override void Complete(Exception? exception = null)
        {
        }

        public override bool TryRead(out ReadResult result) => throw new NotSupportedException();
    }
}
