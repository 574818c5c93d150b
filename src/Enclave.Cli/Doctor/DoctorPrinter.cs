using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Cli.Doctor.Probes;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Doctor;

/// <summary>Prints findings as text or as JSON.</summary>
internal sealed class DoctorPrinter(Channel output)
{
    private static readonly JsonWriterOptions s_json = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void PrintText(IReadOnlyList<Finding> findings, bool ready)
    {
        int width = findings.Max((finding) => finding.Name.Length);
        foreach (Finding finding in findings)
        {
            (string mark, Ink ink) = finding.Status switch
            {
                FindingStatus.Present => ("ok", Ink.Good),
                FindingStatus.Missing => ("--", Ink.Warning),
                _ => ("!!", Ink.Error),
            };
            output.WriteLine($"{mark}  {finding.Name.PadRight(width)}  {finding.Value}", ink);
            if (finding.Remedy is not null) output.WriteLine($"    {new string(' ', width)}  -> {finding.Remedy}");
        }

        output.WriteLine(ready ? "This machine runs jobs." : "This machine cannot run jobs until the findings marked !! are fixed.");
    }

    public void PrintJson(IReadOnlyList<Finding> findings, bool ready)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ready"u8, ready);
            writer.WriteStartArray("findings"u8);
            foreach (Finding finding in findings) Write(writer, finding);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, finding.Name);
        writer.WriteString("status"u8, finding.Status.ToString().ToLowerInvariant());
        writer.WriteString("value"u8, finding.Value);
        if (finding.Remedy is not null) writer.WriteString("remedy"u8, finding.Remedy);
        writer.WriteEndObject();
    }
}
