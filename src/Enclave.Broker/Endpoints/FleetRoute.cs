using Enclave.Broker.Fleet;
using Enclave.Broker.Http;
using Enclave.Broker.Reporting;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>Reports all known brokers and runtimes to their operator.</summary>
internal sealed class FleetRoute(FleetOptions options, FleetSelfReport self, FleetTable table, TimeProvider clock)
{
    public async Task AnswerAsync(HttpContext context)
    {
        IReadOnlyList<FleetPart> own = await self.CollectAsync(context.RequestAborted).ConfigureAwait(false);
        // This broker's own report comes back to it, older than its present state: leave it out.
        var here = own.Select((part) => (part.Kind, part.Id)).ToHashSet();
        FleetMember[] all =
        [
            .. own.Select((part) => new FleetMember(part, TimeSpan.Zero, IsSilent: false)),
            .. table.List().Where((entry) => !here.Contains((entry.Part.Kind, entry.Part.Id)))
            .Select((entry) => new FleetMember(entry.Part, entry.Age, entry.Age > options.Silence)),
        ];
        context.Response.Headers.CacheControl = "no-store";
        var view = new FleetView(all, options);
        await JsonResponses.JsonAsync(context, (writer) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("time"u8, clock.GetUtcNow().ToUnixTimeMilliseconds());
            writer.WriteString("self"u8, self.Id);
            writer.WriteNumber("silenceMs"u8, (long)options.Silence.TotalMilliseconds);
            writer.WriteNumber("forgetMs"u8, (long)options.Forget.TotalMilliseconds);
            view.WriteMembers(writer);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
