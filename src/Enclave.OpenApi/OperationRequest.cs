using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Networks;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Schemas;
using Enclave.Tools;

namespace Enclave.OpenApi;

/// <summary>
/// The request of one call. The script chooses only values of parameters: not the host, the structure of the path, or a header of the connection.
/// </summary>
internal sealed class OperationRequest(OperationPlan plan, ScriptValue arguments, ToolContext context)
{
    private const string Accepted = "application/json, application/*+json, text/*;q=0.5";

    /// <summary>The most bytes in a message for one character of an address: a number, which is one digit there.</summary>
    private const long BytesPerCharacter = 9;

    private int _characters;

    /// <exception cref="ToolException">An argument is not valid at its place.</exception>
    /// <exception cref="InvalidOperationException">A secret is not.</exception>
    public HttpRequestMessage Make()
    {
        string path = plan.Path.With(Step) ?? throw Refused("a step of the path would be empty, . or ..");
        Uri address = plan.Address.With(path, Query()) ?? throw Refused("the address would not be read as it is written");
        if (address.AbsoluteUri.Length > OpenApiLimits.AddressCharacters)
            throw Refused($"the address would have {address.AbsoluteUri.Length} characters; the limit is {OpenApiLimits.AddressCharacters}");
        var request = new HttpRequestMessage(plan.Method, address);
        try
        {
            request.Headers.TryAddWithoutValidation("Accept", Accepted);
            request.Headers.TryAddWithoutValidation("User-Agent", RequestHeaders.Agent);
            foreach ((ParameterPlan parameter, ScriptValue value) in Given(ParameterLocation.Header))
                request.Headers.TryAddWithoutValidation(parameter.Name, Header(parameter, value));
            foreach (HttpCredential credential in plan.Credentials.Where((credential) => credential.Location != CredentialLocation.Query))
                credential.AddTo(request, context.Secrets[credential.Secret]);
            request.Content = Body();
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private IEnumerable<(ParameterPlan Parameter, ScriptValue Value)> Given(ParameterLocation location) =>
        plan.Parameters.Where((parameter) => parameter.Location == location)
            .Select((parameter) => (parameter, Bounded(parameter.Argument, arguments[parameter.Argument]))).Where((given) => !given.Item2.IsNullOrUndefined);

    /// <summary>Refuses values that cannot fit an address or a header before they are encoded, which may take nine times their size.</summary>
    private ScriptValue Bounded(string argument, ScriptValue value) => EncodedSize.Of(value) <= BytesPerCharacter * OpenApiLimits.AddressCharacters
        ? value
        : throw Refused($"{argument} is too long for an address or a header");

    private string Step(string name)
    {
        ParameterPlan parameter = plan.Parameters.First((candidate) => candidate.Location == ParameterLocation.Path && candidate.Name == name);
        ScriptValue value = Bounded(parameter.Argument, arguments[parameter.Argument]);
        if (value.IsNullOrUndefined) throw Refused($"{parameter.Argument} is missing");
        ParameterText? text = null;
        text = new ParameterText(plan.Tool, parameter, context, Encode);
        return Counted(text.Simple(value));

        // A slash is encoded and stays in its segment. A server that decodes it anyway must not find a way up.
        string Encode(string raw)
        {
            if (raw.Any(char.IsControl)) throw text!.Refused("has a control character");
            if (raw.Split('/', '\\').Any((part) => part is "." or "..")) throw text!.Refused("has . or .. as a step of a path");
            return Uri.EscapeDataString(raw);
        }
    }

    /// <summary>Counts a part of the address. An address that becomes too long is refused before the rest of it is made.</summary>
    private string Counted(string part)
    {
        _characters += part.Length + 1;
        return _characters <= OpenApiLimits.AddressCharacters ? part
            : throw Refused($"the address would have more than {OpenApiLimits.AddressCharacters} characters, the limit");
    }

    private string Query()
    {
        var pairs = new List<string>();
        foreach ((ParameterPlan parameter, ScriptValue value) in Given(ParameterLocation.Query))
        {
            var text = new ParameterText(plan.Tool, parameter, context, Uri.EscapeDataString);
            foreach ((string name, string written) in text.Pairs(value))
            {
                // Members of an object may become names of their own.
                if (plan.IsOwnInQuery(name)) throw text.Refused($"names {Uri.UnescapeDataString(name)}, which is the operator's");
                pairs.Add(Counted($"{name}={written}"));
            }
        }

        foreach (HttpCredential credential in plan.Credentials.Where((credential) => credential.Location == CredentialLocation.Query))
            pairs.Add(credential.InQuery(context.Secrets[credential.Secret]));
        return string.Join('&', pairs);
    }

    private string Header(ParameterPlan parameter, ScriptValue value)
    {
        var text = new ParameterText(plan.Tool, parameter, context, static (raw) => raw);
        string written = text.Simple(value);
        return RequestHeaders.IsValue(written)
            ? written
            : throw text.Refused($"cannot stand in a header: visible ASCII and blanks, at most {RequestHeaders.MaxCharacters} characters");
    }

    private ReadOnlyMemoryContent? Body()
    {
        if (plan.Body is not { } body || arguments[BodyPlan.Argument] is not { Kind: not ScriptValueKind.Undefined } value) return null;
        ReadOnlyMemory<byte> bytes;
        string? boundary = null;
        if (body.Kind == BodyKind.Multipart)
        {
            var parts = new MultipartBody(plan, body, context);
            (bytes, boundary) = (parts.Write(value), parts.Boundary);
        }
        else if (body.Kind == BodyKind.Form)
        {
            bytes = new FormBody(plan, body, context).Write(value);
        }
        else if (body.Kind == BodyKind.Text)
        {
            if (value.Kind != ScriptValueKind.String) throw Refused($"{BodyPlan.Argument} is {value}; expected a string");
            bytes = TextBytes(value.AsString());
        }
        else
        {
            try
            {
                bytes = ArgumentJson.ToUtf8(value, context);
            }
            catch (JsonException fault)
            {
                throw Refused($"{BodyPlan.Argument} has {fault.Message}");
            }
        }

        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(body.MediaType, body.Kind == BodyKind.Text ? "utf-8" : null);
        if (boundary is not null) content.Headers.ContentType.Parameters.Add(new NameValueHeaderValue("boundary", boundary));
        return content;
    }

    /// <exception cref="ToolException">The host has no room for it.</exception>
    private byte[] TextBytes(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return context.Memory.TryGrow(bytes) ? Encoding.UTF8.GetBytes(text) : throw Refused($"{BodyPlan.Argument} has no room in the host");
    }

    private ToolException Refused(string why) => ToolFault.Of(ToolCode.InvalidArguments, $"the arguments of {plan.Tool} do not fit: {why}");
}
