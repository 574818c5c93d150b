using System.IO.Pipelines;
using Enclave.Broker.Endpoints;
using Enclave.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Enclave.Broker.Tests.Routes;

/// <summary>Slow request bodies from an authenticated client.</summary>
public sealed class RequestBodyTests
{
    private readonly HandClock _clock = new();
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task A_body_that_never_ends_is_given_up_however_steadily_it_comes()
    {
        Task<ReadOnlyMemory<byte>> reading = Read(CancellationToken.None);
        for (int second = 0; second < 61; second++)
        {
            await _pipe.Writer.WriteAsync(new byte[300]);
            _clock.Pass(TimeSpan.FromSeconds(1));
        }

        Assert.False(reading.IsCompleted);
        _clock.Pass(TimeSpan.FromSeconds(2));

        var late = await Assert.ThrowsAsync<BadHttpRequestException>(() => Within.Deadline(reading, "end of the body"));
        Assert.Equal((StatusCodes.Status408RequestTimeout, "the body did not arrive within 62 s"), (late.StatusCode, late.Message));
    }

    [Fact]
    public async Task One_that_comes_in_time_is_read_whole()
    {
        Task<ReadOnlyMemory<byte>> reading = Read(CancellationToken.None);
        await _pipe.Writer.WriteAsync(new byte[300]);
        _clock.Pass(TimeSpan.FromSeconds(60));
        await _pipe.Writer.WriteAsync(new byte[300]);
        await _pipe.Writer.CompleteAsync();

        Assert.Equal(600, (await Within.Deadline(reading, "end of the body")).Length);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_late_one()
    {
        using var client = new CancellationTokenSource();
        Task<ReadOnlyMemory<byte>> reading = Read(client.Token);

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(reading, "end of the body"));
    }

    private async Task<ReadOnlyMemory<byte>> Read(CancellationToken client)
    {
        var context = new DefaultHttpContext { RequestAborted = client };
        context.Features.Set<IRequestBodyPipeFeature>(new Body(_pipe.Reader));
        return (await new RequestBody(new BrokerOptions(), _clock).ReadAsync(context)).Body;
    }

    private sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    /// <summary>A clock that the test moves, with one timer.</summary>
    private sealed class HandClock : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;
        private TimeSpan _left = Timeout.InfiniteTimeSpan;

        public void Pass(TimeSpan time)
        {
            if (_left == Timeout.InfiniteTimeSpan || (_left -= time) > TimeSpan.Zero) return;
            _left = Timeout.InfiniteTimeSpan;
            _callback!(_state);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state, _left) = (callback, state, dueTime);
            return new Stopped();
        }

        private sealed class Stopped : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
