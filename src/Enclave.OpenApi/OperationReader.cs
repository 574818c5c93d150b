using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Networks;
using Enclave.Protocol.Values;
using Enclave.Schemas;
using Enclave.Schemas.Checks;

namespace Enclave.OpenApi;

/// <summary>Reads one operation: the parts that a script provides, the parts that the operator provides, and the answer.</summary>
internal sealed class OperationReader(OpenApiDocument document, OpenApiOptions options, ServiceAddress address)
{
    private readonly SecurityReader _security = new(document, options);

    /// <summary>Reads the operation for a tool. Null if it cannot be one; <paramref name="why"/> then has the reason.</summary>
    /// <param name="known">The operation's description for filters.</param>
    /// <param name="path">The members of its path, which apply to all its operations.</param>
    /// <param name="operation">The operation's members.</param>
    /// <param name="why">The reason.</param>
    public ReadOperation? Read(OpenApiOperation known, JsonElement path, JsonElement operation, out string why)
    {
        why = "";
        // The operator chose the address: operations with other servers belong to another service.
        if (IsElsewhere(operation.Member("servers")) || IsElsewhere(path.Member("servers"))) why = "it has servers of its own";
        PathTemplate? template = PathTemplate.Parse(known.Path);
        if (template is null || address.With(template.With((_) => "x")!, "") is null) why = "its path cannot be filled in without a doubt";
        if (why.Length > 0) return null;
        ImmutableArray<HttpCredential> credentials = _security.Of(operation);
        if (Parameters(path, operation, credentials, out why) is not { } parameters) return null;
        if (template!.Parameters.FirstOrDefault((name) => !parameters.Exists((parameter) => parameter.Plan.Location == ParameterLocation.Path
            && parameter.Plan.Name == name)) is { } missing)
        {
            why = $"its path's {{{missing}}} is not described";
            return null;
        }

        parameters.RemoveAll((parameter) => parameter.Plan.Location == ParameterLocation.Path && !template.Parameters.Contains(parameter.Plan.Name));
        JsonElement body = default;
        if (known.Method is not ("GET" or "HEAD") && !document.TryFollow(operation.Member("requestBody"), out body))
        {
            why = "its body's reference leads nowhere";
            return null;
        }

        (BodyPlan? plan, JsonElement sent) = body.ValueKind == JsonValueKind.Object ? Body(body, out why) : default;
        if (why.Length > 0) return null;
        JsonObject arguments = Arguments(parameters, plan, body, sent);
        if (Held(arguments, out why) is not { } held) return null;
        return new ReadOperation(known)
        {
            Template = template,
            Parameters = [.. parameters.Select((parameter) => parameter.Plan)],
            Body = plan,
            Credentials = credentials,
            Description = Description(known, operation),
            Arguments = arguments,
            Held = held,
            Result = Result(operation),
        };
    }

    /// <summary>True if a list of servers names neither the service's address nor a server of the document.</summary>
    private bool IsElsewhere(JsonElement servers)
    {
        string[] own = [.. AddressesOf(servers)];
        return own.Length > 0 && !own.Contains(address.Text, StringComparer.Ordinal)
            && !own.Intersect(AddressesOf(document.Root.Member("servers")), StringComparer.Ordinal).Any();
    }

    private IEnumerable<string> AddressesOf(JsonElement servers) => servers.Items().Take(OpenApiLimits.Servers)
        .Select((server) => (ServerTemplate.Fill(server.Text("url") ?? "/", server.Member("variables")) ?? "").TrimEnd('/'))
        // An address without a scheme has the service's scheme.
        .Select((text) => text.StartsWith("//", StringComparison.Ordinal) ? $"{address.Text[..(address.Text.IndexOf(':') + 1)]}{text}" : text);

    private static string Description(OpenApiOperation known, JsonElement operation)
    {
        string? summary = LenientJson.OneLine(operation.Text("summary"), OpenApiLimits.DescriptionCharacters), more = LenientJson.OneLine(
            operation.Text("description"), OpenApiLimits.DescriptionCharacters);
        string text = summary is null || more is null || more.StartsWith(summary.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
            ? more ?? summary ?? $"{known}."
            : $"{summary.TrimEnd('.')}. {more}";
        return LenientJson.OneLine(text, OpenApiLimits.DescriptionCharacters)!;
    }

    /// <summary>The parameters that a script provides: those of the operation override those of its path.</summary>
    private List<ReadParameter>? Parameters(JsonElement path, JsonElement operation, ImmutableArray<HttpCredential> credentials, out string why)
    {
        (why, var known) = ("", new OrderedDictionary<(string Name, string In), JsonElement>());
        foreach (JsonElement given in path.Member("parameters").Items().Concat(operation.Member("parameters").Items()))
        {
            if (!document.TryFollow(given, out JsonElement parameter) || parameter.Text("name") is not { Length: > 0 and <= OpenApiLimits.NameCharacters } name
                || parameter.Text("in") is not { } place)
            {
                why = "one of its parameters is not described";
                return null;
            }

            known[(name, place)] = parameter;
            if (known.Count > OpenApiLimits.Parameters) why = $"it has more than {OpenApiLimits.Parameters} parameters";
            if (why.Length > 0) return null;
        }

        var read = new List<ReadParameter>();
        bool hasBody = operation.Member("requestBody").ValueKind == JsonValueKind.Object;
        foreach (((string name, string place), JsonElement parameter) in known)
        {
            // Two parameters of one name, or one with the body's name, are distinguished by their place.
            bool isAlone = known.Keys.Count((other) => other.Name == name) == 1 && !(hasBody && name == BodyPlan.Argument) && !IsEngineName(name);
            if (IsOwn(name, place, credentials)) continue;
            if (Plan(isAlone ? name : $"{place}_{name}", name, place, parameter) is { } plan) read.Add(new ReadParameter(plan, parameter));
            else if (parameter.Is("required")) why = $"its parameter {name} ({place}) cannot be given";
            if (why.Length > 0) return null;
        }

        return read;
    }

    /// <summary>
    /// Names that scripts cannot read from an object, and one that they cannot write in a literal. As arguments they get their place as a prefix, and a tool is
    /// named by its method and path.
    /// </summary>
    public static bool IsEngineName(string name) => name is "__proto__" or "constructor" or "prototype";

    /// <summary>True if the request sets this parameter itself: a script's value would be sent beside it or instead of it.</summary>
    private static bool IsOwn(string name, string place, ImmutableArray<HttpCredential> credentials) => place switch
    {
        "header" => !RequestHeaders.IsFree(name) || HttpCredential.IsOwnHeader(credentials, name),
        "query" => HttpCredential.IsOwnInQuery(credentials, name),
        _ => false,
    };

    /// <summary>Null for unsupported parameters: cookies, and unknown styles.</summary>
    private static ParameterPlan? Plan(string argument, string name, string place, JsonElement parameter)
    {
        bool isJson = parameter.Member("content").Members().Any((content) => content.Name.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));
        string style = parameter.Text("style") ?? (place == "query" ? "form" : "simple");
        bool explodes = parameter.Member("explode").ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => style == "form",
        };
        ParameterStyle? written = (place, style) switch
        {
            _ when isJson => ParameterStyle.Json,
            _ when parameter.Member("content").ValueKind == JsonValueKind.Object => null,
            ("path" or "header", "simple") => ParameterStyle.Simple,
            ("query", "form") => ParameterStyle.Form,
            ("query", "spaceDelimited") => ParameterStyle.SpaceDelimited,
            ("query", "pipeDelimited") => ParameterStyle.PipeDelimited,
            ("query", "deepObject") => ParameterStyle.DeepObject,
            _ => null,
        };
        ParameterLocation? where = place switch
        {
            "path" => ParameterLocation.Path,
            "query" => ParameterLocation.Query,
            "header" => ParameterLocation.Header,
            _ => null,
        };
        return written is null || where is null ? null : new ParameterPlan(argument, name, where.Value, written.Value, explodes);
    }

    /// <summary>The format and schema of the body: JSON before a form, a form before a multipart form, and that before text.</summary>
    private (BodyPlan?, JsonElement) Body(JsonElement body, out string why)
    {
        why = "";
        (string Type, JsonElement Described)[] forms = [.. body.Member("content").Members().Take(OpenApiLimits.Parameters).Select(
            (form) => (MediaTypes.Plain(form.Name) ?? "", form.Value))];
        foreach (Func<string, bool> wanted in (Func<string, bool>[])[
            (type) => type == MediaTypes.Json, MediaTypes.IsJson, (type) => type is "*/*" or "application/*"])
        {
            if (Array.Find(forms, (form) => wanted(form.Type)) is { Type: not null } json)
                return (new BodyPlan(MediaTypes.IsJson(json.Type) ? json.Type : MediaTypes.Json, BodyKind.Json, []), json.Described.Member("schema"));
        }

        if (Array.Find(forms, (form) => form.Type == MediaTypes.Form) is { Type: not null } fields)
        {
            JsonProperty[] encodings = [.. fields.Described.Member("encoding").Members().Take(OpenApiLimits.FormFields)];
            return (new BodyPlan(MediaTypes.Form, BodyKind.Form, [.. encodings.Select(Field).OfType<ParameterPlan>()]), fields.Described.Member("schema"));
        }

        if (Array.Find(forms, (form) => form.Type == MediaTypes.Multipart) is { Type: not null } parts)
        {
            var plan = new BodyPlan(MediaTypes.Multipart, BodyKind.Multipart, []) { Parts = new PartReader(document).Read(parts.Described) };
            return (plan, parts.Described.Member("schema"));
        }

        if (Array.Find(forms, (form) => form.Type.StartsWith("text/", StringComparison.Ordinal) && !form.Type.EndsWith('*')) is { Type: not null } text)
            return (new BodyPlan(text.Type, BodyKind.Text, []), text.Described.Member("schema"));
        if (body.Is("required")) why = "its body is neither JSON, a form nor text";
        return default;
    }

    /// <summary>The format of a form's member; null if the document names none.</summary>
    private static ParameterPlan? Field(JsonProperty encoding)
    {
        string? style = encoding.Value.Text("style");
        bool isSplit = encoding.Value.Member("explode").ValueKind == JsonValueKind.False;
        ParameterStyle? written = style switch
        {
            "form" => ParameterStyle.Form,
            "spaceDelimited" => ParameterStyle.SpaceDelimited,
            "pipeDelimited" => ParameterStyle.PipeDelimited,
            "deepObject" => ParameterStyle.DeepObject,
            null when isSplit => ParameterStyle.Form,
            null when MediaTypes.IsJson(MediaTypes.Plain(encoding.Value.Text("contentType") ?? "")) => ParameterStyle.Json,
            _ => null,
        };
        bool explodes = encoding.Value.Is("explode") || (style is null or "form" && !isSplit);
        return written is { } known
            ? new ParameterPlan($"{BodyPlan.Argument}.{encoding.Name}", encoding.Name, ParameterLocation.Query, known, explodes) : null;
    }

    private JsonObject Arguments(List<ReadParameter> parameters, BodyPlan? plan, JsonElement body, JsonElement sent)
    {
        var converter = new SchemaConverter(document, SchemaUse.Request);
        (var members, var required) = (new JsonObject(), new JsonArray());
        foreach ((ParameterPlan parameter, JsonElement described) in parameters)
        {
            JsonElement schema = described.Member("schema").ValueKind == JsonValueKind.Object
                ? described.Member("schema")
                : described.Member("content").Members().FirstOrDefault().Value.Member("schema");
            JsonObject node = converter.Convert(schema);
            if (LenientJson.OneLine(described.Text("description"), OpenApiLimits.NoteCharacters) is { } note) node["description"] = note;
            members[parameter.Argument] = node;
            if (described.Is("required") || parameter.Location == ParameterLocation.Path) required.Add((JsonNode)parameter.Argument);
        }

        if (plan is not null)
        {
            JsonObject node = plan.Kind == BodyKind.Text ? new JsonObject { ["type"] = "string" } : converter.Convert(sent);
            if (!node.ContainsKey("description") && LenientJson.OneLine(body.Text("description"), OpenApiLimits.NoteCharacters) is { } note)
                node["description"] = note;
            members[BodyPlan.Argument] = node;
            if (body.Is("required")) required.Add((JsonNode)BodyPlan.Argument);
        }

        var whole = new JsonObject { ["type"] = "object", ["properties"] = members, ["additionalProperties"] = false };
        if (required.Count > 0) whole["required"] = required;
        return converter.Finish(whole);
    }

    private static SchemaNode? Held(JsonObject arguments, out string why)
    {
        why = "";
        try
        {
            return SchemaCompiler.Compile(arguments, SchemaHold.Whole);
        }
        catch (UnheldSchemaException fault)
        {
            why = $"its arguments cannot be held to their schema: {fault.Message}";
            return null;
        }
    }

    /// <summary>The schema of the first successful answer, by its number. Open if the document does not say, or if other answers are possible.</summary>
    private JsonObject Result(JsonElement operation)
    {
        JsonProperty[] good = [.. operation.Member("responses")
            .Members().Where((response) => response.Name is ['2', _, _]).OrderBy((response) => response.Name, StringComparer.Ordinal).Take(20)];
        foreach (JsonProperty response in good)
        {
            if (!document.TryFollow(response.Value, out JsonElement described)) return [];
            if (described.Member("content").Members().Where((content) => MediaTypes.IsJson(MediaTypes.Plain(content.Name)))
                .Select((content) => content.Value.Member("schema")).FirstOrDefault() is { ValueKind: JsonValueKind.Object } schema)
            {
                var converter = new SchemaConverter(document, SchemaUse.Response);
                return converter.Finish(converter.Convert(schema));
            }

            if (described.Member("content").Members().Any((content) => MediaTypes.Plain(content.Name)?.StartsWith("text/", StringComparison.Ordinal) == true))
                return new JsonObject { ["type"] = "string" };
        }

        bool isNothing = good.Length > 0 && good.All((response) => response.Name is "204" or "205");
        return isNothing ? new JsonObject { ["type"] = "null" } : [];
    }

    private readonly record struct ReadParameter(ParameterPlan Plan, JsonElement Described);
}
