using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Doctor.Isolation;

/// <summary>Prints the isolation of each level as text or as JSON.</summary>
internal sealed class IsolationPrinter(Channel output)
{
    private static readonly JsonWriterOptions s_json = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void PrintText(IReadOnlyList<LevelFinding> findings)
    {
        int name = Enum.GetNames<IsolationLayer>().Max((layer) => layer.Length), column = findings.Max((finding) => Level(finding).Length) + 3;
        output.WriteLine($"{"".PadRight(name)}  {string.Concat(findings.Select((finding) => Level(finding).PadRight(column)))}");
        foreach (IsolationLayer layer in Enum.GetValues<IsolationLayer>())
        {
            LayerReport[] row = [.. findings.Select((finding) => finding.Layers[(int)layer])];
            output.WriteLine($"{layer.ToString().PadRight(name)}  {string.Concat(row.Select((cell) => Mark(cell).PadRight(column)))}", Colour(row));
        }

        output.WriteLine("M mandatory, B best effort; ok active, ~ claimed or offered and not verified, -- not on this machine, !! failed");
        foreach (LevelFinding finding in findings) PrintLevel(finding);
        foreach ((string key, string value) in Common(findings)) output.WriteLine($"{key}: {value}");
        output.WriteLine("not covered by any layer:");
        foreach (string risk in findings[0].Report.ResidualRisks) output.WriteLine($"  {risk}");
    }

    public void PrintJson(IReadOnlyList<LevelFinding> findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("levels"u8);
            foreach (LevelFinding finding in findings) WriteLevel(writer, finding);
            writer.WriteEndArray();
            writer.WriteStartObject("facts"u8);
            foreach ((string key, string value) in Common(findings)) writer.WriteString(key, value);
            writer.WriteEndObject();
            writer.WriteStartArray("residualRisks"u8);
            foreach (string risk in findings[0].Report.ResidualRisks) writer.WriteStringValue(risk);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>The facts that are the same at every level.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Common(IReadOnlyList<LevelFinding> findings) =>
        findings[0].Report.Facts.Where((fact) => findings.All((finding) => finding.Report.Facts.GetValueOrDefault(fact.Key) == fact.Value));

    private void PrintLevel(LevelFinding finding)
    {
        string tag = finding.Report.Workers is [var worker, ..] ? $" ({worker.Tag})" : "";
        string runs = finding.Fault is null ? $"runs scripts{tag}" : $"cannot run scripts: {finding.Fault}";
        output.WriteLine($"{Level(finding)} {runs}", finding.Fault is null ? Ink.Good : Ink.Warning);
        foreach (LayerReport layer in finding.Layers.Where((layer) => layer.Requirement != LayerRequirement.Off))
        {
            string how = layer.Method.Length == 0 ? "" : $" [{layer.Method}]";
            output.WriteLine($"  {layer.Layer}: {Words(layer.Status)}, {layer.Detail}{how}", layer.Status is LayerStatus.Active ? Ink.Plain : Ink.Warning);
            if (layer.Remedy is not null) output.WriteLine($"    -> {layer.Remedy}");
        }
    }

    private static void WriteLevel(Utf8JsonWriter writer, LevelFinding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("level"u8, finding.Report.Level.ToString().ToLowerInvariant());
        writer.WriteBoolean("runs"u8, finding.Fault is null);
        if (finding.Fault is not null) writer.WriteString("fault"u8, finding.Fault);
        if (finding.Report.Workers is [var worker, ..]) writer.WriteString("tag"u8, worker.Tag);
        writer.WriteStartArray("layers"u8);
        foreach (LayerReport layer in finding.Layers)
        {
            writer.WriteStartObject();
            writer.WriteString("layer"u8, layer.Layer.ToString());
            writer.WriteString("requirement"u8, Words(layer.Requirement));
            writer.WriteString("status"u8, Words(layer.Status));
            if (layer.Method.Length > 0) writer.WriteString("method"u8, layer.Method);
            if (layer.Detail.Length > 0) writer.WriteString("detail"u8, layer.Detail);
            if (layer.Remedy is not null) writer.WriteString("remedy"u8, layer.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Level(LevelFinding finding) => finding.Report.Level.ToString().ToUpperInvariant();

    private static string Mark(LayerReport cell) => cell.Requirement switch
    {
        LayerRequirement.Off => "",
        LayerRequirement.Mandatory => "M ",
        _ => "B ",
    } + cell.Status switch
    {
        LayerStatus.Off => "",
        LayerStatus.Active => "ok",
        LayerStatus.Unverified => "~",
        LayerStatus.Unavailable => "--",
        _ => "!!",
    };

    private static Ink Colour(LayerReport[] row)
    {
        bool Missing(LayerReport cell) => cell.Status is LayerStatus.Unavailable or LayerStatus.Failed;
        if (row.Any((cell) => Missing(cell) && cell.Requirement == LayerRequirement.Mandatory)) return Ink.Error;
        return row.Any(Missing) ? Ink.Warning : Ink.Plain;
    }

    private static string Words(LayerStatus status) => status.ToString().ToLowerInvariant();

    private static string Words(LayerRequirement requirement) =>
        requirement == LayerRequirement.BestEffort ? "best effort" : requirement.ToString().ToLowerInvariant();
}
