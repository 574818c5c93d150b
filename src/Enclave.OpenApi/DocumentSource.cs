using System.Net;
using Enclave.Limits;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>Reads the document's bytes from a file or an address, up to a limit.</summary>
internal sealed class DocumentSource
{
    private readonly OpenApiOptions _options;

    /// <exception cref="OpenApiException">The address is not allowed.</exception>
    public DocumentSource(OpenApiOptions options)
    {
        _options = options;
        if (!Uri.TryCreate(options.Document, UriKind.Absolute, out Uri? address) || address.Scheme is not ("https" or "http")) return;
        if (address.Scheme == "http" && !options.AllowHttp)
            throw new OpenApiException("the document's address is without TLS: allow it (AllowHttp), or name another");
        Address = address;
    }

    /// <summary>Its address; null for a file.</summary>
    public Uri? Address { get; }

    /// <exception cref="OpenApiException">The document is not available, or too large.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpClient client, CancellationToken token)
    {
        using var time = new CallTime(_options.Timeout, _options.TimeProvider, token);
        // No using: its buffer is the result.
        var kept = new BoundedStream(_options.MaxDocumentBytes);
        try
        {
            await (Address is null ? FileAsync(kept, time.Token) : AskAsync(client, kept, time.Token)).ConfigureAwait(false);
            return kept.Written;
        }
        catch (BoundedStreamException)
        {
            throw TooLarge();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or HttpRequestException or NotSupportedException)
        {
            throw new OpenApiException($"the document of {_options.Name} is not to be had: " +
                $"{(Address is null && Directory.Exists(_options.Document) ? $"{_options.Document} is a directory" : fault.Message)}", fault);
        }
        catch (OperationCanceledException fault) when (!token.IsCancellationRequested)
        {
            throw new OpenApiException($"the document of {_options.Name} had not come after {ToolFault.Time(_options.Timeout)} (Timeout)", fault);
        }
    }

    private async Task FileAsync(BoundedStream kept, CancellationToken token)
    {
        var file = new FileStream(
            _options.Document, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false)) await file.CopyToAsync(kept, token).ConfigureAwait(false);
    }

    private async Task AskAsync(HttpClient client, BoundedStream kept, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.TryAddWithoutValidation("Accept", "application/vnd.oai.openapi+json, application/json");
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK) throw new OpenApiException($"the document of {_options.Name} is not to be had: its address answered " +
            $"{(int)response.StatusCode}{(IsRedirect(response) ? ", a redirect, which is not followed: name the last address" : "")}");
        if (response.Content.Headers.ContentLength > _options.MaxDocumentBytes) throw TooLarge();
        Stream body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false)) await body.CopyToAsync(kept, token).ConfigureAwait(false);
    }

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is >= 300 and < 400;

    private OpenApiException TooLarge() => new($"the document of {_options.Name} is larger than {_options.MaxDocumentBytes} bytes (MaxDocumentBytes)");
}
