using System.Net;
using System.Net.Sockets;
using System.Text;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Scoring;

/// <summary>The external scorer with a real socket of this machine that answers badly.</summary>
public sealed class ExternalScorerSocketTests
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    [Fact]
    public async Task A_good_answer_over_a_socket() => Assert.Equal(7, (await Ask(Json + "Content-Length: 13\r\n\r\n{ \"score\": 7}")).Result.Score);

    [Fact]
    public async Task A_body_that_breaks_off_is_asked_for_again() =>
        AssertFailed(await Ask(Json + "Content-Length: 1000\r\n\r\n{ \"score\": 7"), "the scorer's answer broke off", connections: 2);

    [Fact]
    public async Task A_connection_that_closes_at_once_is_asked_for_again() => AssertFailed(await Ask(""), "the scorer", connections: 2);

    [Fact]
    public async Task A_redirect_is_not_followed() =>
        AssertFailed(await Ask("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"), "the scorer answered with status 307",
            connections: 1);

    [Fact]
    public async Task A_redirect_that_the_callers_client_follows_is_a_failure()
    {
        using var client = new HttpClient();
        string answer = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        AssertFailed(await Ask(answer, Json + "Content-Length: 13\r\n\r\n{ \"score\": 7}", client), "the scorer redirected", connections: 2);
    }

    [Fact]
    public async Task Ten_megabytes_are_refused_by_their_length() =>
        AssertFailed(await Ask(Json + "Content-Length: 10485760\r\n\r\n{"), "the scorer's answer is longer than 65536 bytes", connections: 1);

    [Fact]
    public async Task Ten_megabytes_of_unknown_length_are_refused_after_64_KB() =>
        AssertFailed(
            await Ask(Json + "Connection: close\r\n\r\n" + new string(' ', 10 << 20)), "the scorer's answer is longer than 65536 bytes", connections: 1);

    [Fact]
    public async Task Endless_headers_are_refused() =>
        AssertFailed(await Ask("HTTP/1.1 200 OK\r\nX: " + new string('x', 1 << 20)), "the scorer", connections: 2);

    [Fact]
    public async Task An_answer_that_is_no_HTTP_is_a_failure() => AssertFailed(await Ask("hello\r\n\r\n"), "the scorer cannot be reached", connections: 2);

    [Fact]
    public async Task An_answer_that_never_comes_ends_with_the_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // The kernel accepts, and nobody answers. The clock says at once that the time is over.
        using var scorer = new ExternalScorer(Options(listener), clock: new ManualClock { Fires = (_) => true });
        ScoreResult result = await Within.Deadline(scorer.ScoreAsync(new ScoreRequest("1"), CancellationToken.None).AsTask(), "answer");
        Assert.Equal("the scorer did not answer within 5 s", result.Reason);
    }

    private static void AssertFailed((ScoreResult Result, int Connections) asked, string reason, int connections)
    {
        Assert.False(asked.Result.IsScored);
        Assert.StartsWith(reason, asked.Result.Reason, StringComparison.Ordinal);
        Assert.Equal(connections, asked.Connections);
    }

    private static ExternalScorerOptions Options(TcpListener listener) =>
        new() { Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/score") };

    private static Task<(ScoreResult Result, int Connections)> Ask(string answer) => Ask(answer, answer, null);

    private static async Task<(ScoreResult Result, int Connections)> Ask(string first, string others, HttpClient? client)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int connections = 0;
        Task serving = Serve();
        using var scorer = new ExternalScorer(Options(listener), client, new ManualClock { Fires = (due) => due < TimeSpan.FromSeconds(1) });
        ScoreResult result = await Within.Deadline(scorer.ScoreAsync(new ScoreRequest("1"), CancellationToken.None).AsTask(), "answer");
        listener.Stop();
        await Within.Deadline(serving, "end of the server");
        return (result, connections);

        async Task Serve()
        {
            try
            {
                while (true)
                {
                    using TcpClient peer = await listener.AcceptTcpClientAsync();
                    await AnswerAsync(peer, connections++ == 0 ? first : others);
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The listener has stopped.
            }
        }
    }

    private static async Task AnswerAsync(TcpClient peer, string answer)
    {
        try
        {
            NetworkStream stream = peer.GetStream();
            var request = new StringBuilder();
            byte[] buffer = new byte[16_384];
            // The body ends with the version. Reading it all first lets the socket close without a reset.
            while (!request.ToString().Contains("\"1.0\"}", StringComparison.Ordinal))
            {
                int read = await stream.ReadAsync(buffer);
                if (read == 0) return;
                request.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }
        catch (IOException)
        {
            // The scorer closed the connection on an answer that is too long.
        }
    }
}
