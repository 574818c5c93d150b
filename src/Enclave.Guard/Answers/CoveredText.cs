using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.Guard.Answers;

/// <summary>The comments, template pieces and strings of a program. A line that begins inside one of them is no fence.</summary>
internal sealed class CoveredText : AstVisitor
{
    private readonly List<(int Start, int End)> _ranges;

    /// <param name="program">The program.</param>
    /// <param name="comments">Its comments.</param>
    public CoveredText(Program program, IEnumerable<Comment> comments)
    {
        _ranges = [.. comments.Where((comment) => comment.Kind == CommentKind.Block).Select((comment) => (comment.Start, comment.End))];
        Visit(program);
        _ranges.Sort();
    }

    /// <summary>True if the place is inside of a comment, template piece or string that began before it.</summary>
    public bool Covers(int place)
    {
        int next = _ranges.BinarySearch((place, int.MaxValue));
        // The ranges do not overlap: only the last one that begins at the place or before it can hold it.
        return (next < 0 ? ~next : next) - 1 is var last and >= 0 && _ranges[last].Start < place && place < _ranges[last].End;
    }

    protected override void VisitTemplateElement(TemplateElement node) => _ranges.Add((node.Start, node.End));

    // A string may continue on the next line, behind a backslash.
    protected override void VisitStringLiteral(StringLiteral node) => _ranges.Add((node.Start, node.End));
}
