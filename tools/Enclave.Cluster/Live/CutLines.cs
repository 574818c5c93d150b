using Spectre.Console.Rendering;

namespace Enclave.Cluster.Live;

/// <summary>Cuts each line at the width of the terminal. A line that is wrapped would push others out of it.</summary>
internal sealed class CutLines(IRenderable content) : Renderable
{
    /// <summary>Columns to draw in first: more than any line has.</summary>
    private const int Unbounded = 1_000;

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        Segment.SplitLines(content.Render(options, Unbounded)).SelectMany((line) => Segment.Truncate(line, maxWidth).Append(Segment.LineBreak));
}
