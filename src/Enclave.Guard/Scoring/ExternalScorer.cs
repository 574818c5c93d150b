using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Enclave.Guard.Scoring;

namespace Enclave.Guard;

/// <summary>
/// Asks a service over HTTP. The service gets the script's features, never its text (docs/scoring.md). Every failure is
/// <see cref="ScoreResult.Unscored"/> with its reason.
/// </summary>
public sealed class ExternalScorer : IScriptScorer, IDisposable
{
    private const int MaxResponseBytes = 64 * 1024;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private readonly ExternalScorerOptions _options;
    private readonly HttpClient _client;
    private readonly HttpClient? _owned;
    private readonly TimeProvider _clock;

    /// <summary>Creates a scorer for an endpoint.</summary>
    /// <param name="options">The endpoint, and limits for requests.</param>
    /// <param name="client">Sends the requests. The caller disposes it. Default: null, which creates a
    /// client that follows no redirects and keeps no cookies.</param>
    /// <param name="clock">Measures timeouts and pauses. Default: null, the system's clock.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ExternalScorer(ExternalScorerOptions options, HttpClient? client = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _client = client ?? (_owned = NewClient());
    }

    /// <inheritdoc/>
    public async ValueTask<ScoreResult> ScoreAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Features is not { } features) return ScoreResult.Unscored($"the text is not a program: {request.Fault}");
        // The service would not see the calls beyond this number, so a script with more calls is not scored.
        if (features.ToolCalls.Length > FeatureJson.MaxToolCalls)
        {
            return ScoreResult.Unscored($"it has {features.ToolCalls.Length} tool calls, and an external scorer sees {FeatureJson.MaxToolCalls}") with
            {
                IsPartial = true,
            };
        }

        byte[] body = FeatureJson.Write(features);
        TimeSpan pause = s_firstPause;
        for (int attempt = 0; ; attempt++)
        {
            ExternalAnswer answer = await AskAsync(body, cancellationToken).ConfigureAwait(false);
            if (!answer.MayBeRepeated || attempt == _options.MaxRetries) return answer.Result;
            await Task.Delay(pause, _clock, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    /// <summary>Disposes the client that this scorer created.</summary>
    public void Dispose() => _owned?.Dispose();

    private static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    private async Task<ExternalAnswer> AskAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using HttpRequestMessage message = NewMessage(body);
            using HttpResponseMessage response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            // A client that follows redirects has sent the key and the features elsewhere.
            if (response.RequestMessage?.RequestUri is { } answered && answered != _options.Endpoint) return ExternalAnswer.Final("the scorer redirected");
            int status = (int)response.StatusCode;
            if (status is 408 or 429 or >= 500) return ExternalAnswer.Again($"the scorer answered with status {status}");
            if (status is < 200 or > 299) return ExternalAnswer.Final($"the scorer answered with status {status}");
            if (!IsJson(response.Content.Headers.ContentType)) return ExternalAnswer.Final("the scorer's answer is not application/json in UTF-8");
            byte[]? json = await ReadAsync(response.Content, either.Token).ConfigureAwait(false);
            ScoreResult result = json is null
                ? ScoreResult.Unscored($"the scorer's answer is longer than {MaxResponseBytes} bytes")
                : ScoreJson.Read(json);
            return new ExternalAnswer(result, MayBeRepeated: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExternalAnswer.Final(timeout.IsCancellationRequested
                ? $"the scorer did not answer within {_options.Timeout.TotalSeconds:0.###} s"
                : "the client gave up on the scorer");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return ExternalAnswer.Again(
                fault is HttpRequestException http ? $"the scorer cannot be reached ({http.HttpRequestError})" : "the scorer's answer broke off");
        }
    }

    private HttpRequestMessage NewMessage(byte[] body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_options.ApiKey is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        return message;
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        string.Equals(type?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type!.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaxResponseBytes) return null;
        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = stream.ConfigureAwait(false);
        byte[] buffer = new byte[MaxResponseBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length > MaxResponseBytes ? null : buffer[..length];
    }
}
