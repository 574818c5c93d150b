using System.Text;
using Enclave.Networks;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Fetch;

/// <summary>The request of a script. All of it is checked here except the address, which is judged at each redirect.</summary>
internal sealed class FetchMessage
{
    private const int MaxHeaders = 100, MaxHeaderCharacters = 16 << 10;

    private const string Content = "Content-";

    /// <summary>Headers that other requests of the host set themselves, and that a script may set here.</summary>
    private static readonly string[] s_own = ["accept", "content-type", "content-language", "authorization"];

    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    private FetchMessage()
    {
    }

    public string Method { get; private init; } = "GET";

    /// <summary>Its body; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; private init; }

    /// <exception cref="ToolException">A part is refused.</exception>
    public static FetchMessage Read(ScriptValue arguments, long maxBody, ToolContext context)
    {
        string method = arguments["method"] is { Kind: ScriptValueKind.String } given ? given.AsString() : "GET";
        // Only ASCII is turned to upper case: other letters could become ASCII letters.
        method = method.Length <= 30 && Ascii.IsValid(method) ? method.ToUpperInvariant() : method;
        ReadOnlyMemory<byte>? body = BodyOf(arguments["body"], maxBody, context);
        if (body is not null && !FetchMethods.HasBody(method)) throw FetchPolicy.Refused($"a request with {method} has no body");
        var message = new FetchMessage { Method = method, Body = body };
        if (arguments["headers"] is { Kind: ScriptValueKind.Object } headers) message.AddAll(headers);
        return message;
    }

    /// <summary>The request that follows a redirect.</summary>
    public FetchMessage After(int status, bool isOtherOrigin)
    {
        string method = FetchMethods.After(status, Method);
        bool keepsBody = method == Method;
        var next = new FetchMessage { Method = method, Body = keepsBody ? Body : null };
        foreach ((string name, string value) in _headers)
        {
            if (!keepsBody && name.StartsWith(Content, StringComparison.OrdinalIgnoreCase)) continue;
            // Drop the script's own credentials at another origin. The host's credentials belong to an origin, and At adds them.
            if (isOtherOrigin && RequestHeaders.IsAuthorization(name)) continue;
            next._headers[name] = value;
        }

        return next;
    }

    /// <summary>The request to an address.</summary>
    /// <param name="address">The address as scripts see it.</param>
    /// <param name="credential">The credential of its origin; null for none.</param>
    /// <param name="secret">The value of the credential.</param>
    /// <exception cref="ToolException">The script set a header or parameter that the host sets.</exception>
    public HttpRequestMessage At(Uri address, HttpCredential? credential, string secret)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), With(address, credential, secret));
        if (Body is { } body) request.Content = new ReadOnlyMemoryContent(body);
        foreach ((string name, string value) in _headers)
        {
            if (credential is not null && HttpCredential.IsOwnHeader([credential], name))
                throw FetchPolicy.Refused($"the header {name} is the host's for {address.GetLeftPart(UriPartial.Authority)}: leave it out");
            if (name.StartsWith(Content, StringComparison.OrdinalIgnoreCase)) request.Content?.Headers.TryAddWithoutValidation(name, value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!_headers.ContainsKey("Accept")) request.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (!_headers.ContainsKey("User-Agent")) request.Headers.TryAddWithoutValidation("User-Agent", RequestHeaders.Agent);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", FetchBody.Encodings);
        if (credential is { Location: not CredentialLocation.Query }) credential.AddTo(request, secret);
        return request;
    }

    private static Uri With(Uri address, HttpCredential? credential, string secret)
    {
        if (credential is null) return address;
        foreach (string pair in address.Query.TrimStart('?').Split('&', ';'))
        {
            string name = pair.Split('=')[0];
            if (name.Length > 0 && HttpCredential.IsOwnInQuery([credential], name))
                throw FetchPolicy.Refused($"the query names {Uri.UnescapeDataString(name)}, which is the host's: leave it out");
        }

        if (credential.Location != CredentialLocation.Query) return address;
        string own = credential.InQuery(secret);
        return new Uri(address.AbsoluteUri + (address.Query.Length > 1 ? $"&{own}" : address.Query.Length == 1 ? own : $"?{own}"));
    }

    private static ReadOnlyMemory<byte>? BodyOf(ScriptValue body, long max, ToolContext context)
    {
        if (body.IsNullOrUndefined) return null;
        long length = body.Kind == ScriptValueKind.String ? Encoding.UTF8.GetByteCount(body.AsString()) : body.AsBytes().Length;
        if (length > max) throw ToolFault.Of(
            ToolCode.ArgumentsTooLarge, $"the body of a request has at most {max} bytes (Fetch.MaxRequestBytes); this one has {length}");
        if (body.Kind != ScriptValueKind.String) return body.AsBytes();
        return context.Memory.TryGrow(length) ? Encoding.UTF8.GetBytes(body.AsString()) : throw FetchBody.NoRoom();
    }

    private void AddAll(ScriptValue headers)
    {
        int characters = 0;
        foreach ((string name, ScriptValue value) in headers.Properties)
        {
            string text = value.AsString();
            string shown = name.Length <= 100 ? ScriptValue.OfString(name).ToString() : "of that length";
            if (!RequestHeaders.IsFree(name) && !s_own.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw FetchPolicy.Refused($"the header {shown} is not a script's to set: leave it out");
            if (!RequestHeaders.IsValue(text)) throw FetchPolicy.Refused(
                $"the value of the header {shown} is not visible ASCII and blanks, at most {RequestHeaders.MaxCharacters} characters");
            if ((characters += name.Length + text.Length) > MaxHeaderCharacters || _headers.Count == MaxHeaders)
                throw FetchPolicy.Refused($"a request has at most {MaxHeaders} headers with {MaxHeaderCharacters} characters in all");
            if (!_headers.TryAdd(name, text)) throw FetchPolicy.Refused($"the header {shown} is there twice");
        }
    }
}
