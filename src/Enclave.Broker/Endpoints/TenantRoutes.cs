using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Http;
using Enclave.Streaming;
using Enclave.Tenants;
using Enclave.Tenants.Ledgers;
using Enclave.Tenants.Policies;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>The tenants of this broker, for their operator: what each tenant uses, and changes of tenants, which apply at once.</summary>
/// <param name="tenants">The tenants.</param>
/// <param name="bodies">Reads bodies.</param>
internal sealed class TenantRoutes(EnclaveTenants tenants, RequestBody bodies)
{
    private const int MaxListed = 1000;

    /// <summary>Answers the tenants that have a policy or runs, in the order of their names, after a name.</summary>
    public async Task ListAsync(HttpContext context)
    {
        string after = (string?)context.Request.Query["after"] ?? "";
        TenantPolicies policies = tenants.Policies;
        string[] names = [.. policies.Tenants.Keys.Union(tenants.Active, StringComparer.Ordinal).Where((name) => string.CompareOrdinal(name, after) > 0)
            .Order(StringComparer.Ordinal).Take(MaxListed + 1)];
        await AnswerAsync(context, (writer) =>
        {
            writer.WriteStartArray("tenants"u8);
            foreach (string name in names.Take(MaxListed))
            {
                TenantPolicy? policy = policies.Tenants.GetValueOrDefault(name) ?? (policies.Unknown == UnknownTenants.Default ? policies.Default : null);
                (int running, int waiting) = tenants.Gate.CountOf(name);
                writer.WriteStartObject();
                writer.WriteString("tenant"u8, name);
                writer.WriteString("state"u8, policy is null ? null : QuotaRule.Name(policy.State));
                writer.WriteNumber("running"u8, running);
                writer.WriteNumber("waiting"u8, waiting);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteBoolean("more"u8, names.Length > MaxListed);
            writer.WriteStartObject("refused"u8);
            foreach ((ErrorCode code, long runs) in tenants.Gate.Refused) writer.WriteNumber(code.ToCode(), runs);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>Answers one tenant: its policy, its runs, and its use of quotas.</summary>
    public async Task ShowAsync(HttpContext context)
    {
        if (await NameAsync(context).ConfigureAwait(false) is { } name) await AnswerAsync(context, name).ConfigureAwait(false);
    }

    /// <summary>Sets the state of a tenant: <c>{ "state": "suspended" }</c>.</summary>
    public async Task SetStateAsync(HttpContext context)
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not var (name, body)) return;
        if (body["state"] is not JsonValue given || !given.TryGetValue(out string? text) || !text.All(char.IsAsciiLetter)
            || !Enum.TryParse(text, ignoreCase: true, out TenantState state))
        {
            await RefuseAsync(context, "the body needs state: active, paused, suspended or draining").ConfigureAwait(false);
            return;
        }

        await ChangeAsync(context, name, (policy) => policy with { State = state }).ConfigureAwait(false);
    }

    /// <summary>Gives a tenant another policy, in the form of the file.</summary>
    public async Task PutAsync(HttpContext context)
    {
        if (await BodyAsync(context).ConfigureAwait(false) is not var (name, body)) return;
        TenantPolicy policy;
        try
        {
            policy = PolicyJson.ReadPolicy(body);
        }
        catch (ArgumentException wrong)
        {
            await RefuseAsync(context, wrong.Message).ConfigureAwait(false);
            return;
        }

        await ChangeAsync(context, name, (_) => policy).ConfigureAwait(false);
    }

    /// <summary>Answers what tenants used, from the ledger.</summary>
    public async Task UsageAsync(HttpContext context)
    {
        IQueryCollection asked = context.Request.Query;
        string? month = asked["month"];
        if (month is not null && !DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            await RefuseAsync(context, "month is a month as 2026-11").ConfigureAwait(false);
            return;
        }

        if (!UsageJson.TryGroups((string?)asked["by"] ?? "tenant", out UsageGroups by))
        {
            await RefuseAsync(context, $"by is {UsageJson.Groups}").ConfigureAwait(false);
            return;
        }

        try
        {
            if (await tenants.SumAsync(by, month, asked["tenant"], context.RequestAborted).ConfigureAwait(false) is { } rows)
            {
                await AnswerAsync(context, (writer) =>
                {
                    writer.WritePropertyName("usage"u8);
                    UsageJson.List(rows, by).WriteTo(writer);
                }).ConfigureAwait(false);
                return;
            }
        }
        catch (IOException fault)
        {
            await FailAsync(context, fault.Message).ConfigureAwait(false);
            return;
        }

        var none = new BrokerError(StatusCodes.Status404NotFound, SessionCode.NotFound, "this broker has no ledger (--ledger, TenantsOptions.LedgerFolder)");
        await JsonResponses.ErrorAsync(context, none).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext context, string name, Func<TenantPolicy, TenantPolicy> change)
    {
        try
        {
            await tenants.SaveAsync(name, change, Caller.Of(context).Owner ?? "an anonymous client", context.RequestAborted).ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            await RefuseAsync(context, wrong.Message).ConfigureAwait(false);
            return;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await FailAsync(context, $"the policies cannot be written: {fault.Message}").ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, name).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, string name)
    {
        TenantStatus status = await tenants.ShowAsync(name, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, (writer) =>
        {
            writer.WriteString("tenant"u8, name);
            writer.WriteString("state"u8, status.Policy is null ? null : QuotaRule.Name(status.Policy.State));
            writer.WriteString("version"u8, status.PolicyVersion);
            writer.WriteNumber("running"u8, status.Running);
            writer.WriteNumber("waiting"u8, status.Waiting);
            writer.WriteStartArray("quotas"u8);
            foreach (QuotaUse use in status.Quotas)
            {
                writer.WriteStartObject();
                writer.WriteString("quota"u8, new QuotaRule(use.Quota).Text);
                writer.WriteNumber("used"u8, use.Used);
                writer.WriteNumber("limit"u8, use.Quota.Value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (status.Policy is null) return;
            writer.WritePropertyName("policy"u8);
            PolicyJson.Write(status.Policy).WriteTo(writer);
        }).ConfigureAwait(false);
    }

    /// <summary>The name in the query, and the body, which is an object; null if one is missing, after the client got its error.</summary>
    private async Task<(string Name, JsonObject Body)?> BodyAsync(HttpContext context)
    {
        if (await NameAsync(context).ConfigureAwait(false) is not { } name) return null;
        if (await bodies.TakeAsync(context).ConfigureAwait(false) is not { } body) return null;
        try
        {
            if (JsonNode.Parse(body.Span, documentOptions: new() { MaxDepth = PolicyJson.MaxDepth }) is JsonObject found) return (name, found);
        }
        catch (JsonException)
        {
            // Answered below.
        }

        await RefuseAsync(context, "the body has to be a JSON object").ConfigureAwait(false);
        return null;
    }

    private static async Task<string?> NameAsync(HttpContext context)
    {
        if ((string?)context.Request.Query["name"] is { Length: > 0 and <= 200 } name) return name;
        await RefuseAsync(context, "name, the tenant, is missing, or longer than 200 characters").ConfigureAwait(false);
        return null;
    }

    private static Task FailAsync(HttpContext context, string why) => JsonResponses.ErrorAsync(
        context, new BrokerError(StatusCodes.Status503ServiceUnavailable, SessionCode.ServiceUnavailable, why));

    private static Task RefuseAsync(HttpContext context, string why) => JsonResponses.ErrorAsync(context, BrokerError.Invalid(why));

    private static Task AnswerAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.Headers.CacheControl = "no-store";
        return JsonResponses.JsonAsync(context, (writer) =>
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        });
    }
}
