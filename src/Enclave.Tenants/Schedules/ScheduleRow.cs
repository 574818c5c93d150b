using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Tenants.Scripts;

namespace Enclave.Tenants.Schedules;

/// <summary>The file of a schedule.</summary>
/// <param name="EnclaveSchedule">The version of this form: 1.</param>
/// <param name="Status">The schedule and its runs.</param>
internal sealed record ScheduleRow(int EnclaveSchedule, ScheduleStatus Status)
{
    /// <summary>The longest arguments, escaped, and 200 runs with their errors.</summary>
    public const int MaxBytes = 2 << 20;

    private const int Form = 1, MaxFirings = 2 * ScheduleTurn.MaxEnded + 10;

    public static byte[] Write(ScheduleStatus status) => JsonSerializer.SerializeToUtf8Bytes(new ScheduleRow(Form, status), ScheduleJson.Default.ScheduleRow);

    /// <summary>The schedule as JSON for other programs.</summary>
    public static JsonObject NodeOf(ScheduleStatus status) => (JsonObject)JsonSerializer.SerializeToNode(status, ScheduleJson.Default.ScheduleStatus)!;

    /// <exception cref="SavedScriptException">It is not the row of this schedule.</exception>
    public static ScheduleStatus Read(ReadOnlySpan<byte> bytes, string id)
    {
        try
        {
            ScheduleRow row = JsonSerializer.Deserialize(bytes, ScheduleJson.Default.ScheduleRow) ?? throw Damaged(id, "it is empty");
            if (row.EnclaveSchedule != Form) throw Damaged(id, $"it has the form {row.EnclaveSchedule}, and this program reads {Form}");
            // A contract that is made when it is compiled sets a member that is missing to null.
            if (row.Status.Firings is null || row.Status.Schedule.TimeZone is null) throw Damaged(id, "a member is missing");
            if (new ScriptKey(row.Status.Schedule.Tenant, row.Status.Schedule.Name).Id != id) throw Damaged(id, "it is the row of another schedule");
            if (row.Status.Firings.Count > MaxFirings) throw Damaged(id, $"it has {row.Status.Firings.Count} runs");
            ScheduleTimes.Check(row.Status.Schedule);
            if (row.Status.Schedule.Start is null) throw Damaged(id, "it has no start");
            return row.Status;
        }
        catch (JsonException fault)
        {
            throw Damaged(id, fault.Message);
        }
        catch (SavedScriptException fault) when (fault.Fault == SavedScriptFault.OutOfRange)
        {
            throw Damaged(id, fault.Message);
        }
    }

    private static SavedScriptException Damaged(string id, string why) =>
        new(SavedScriptFault.Damaged, $"the file of a schedule ({id}) is damaged: {why}");
}
