namespace Enclave.Guard.PreScan;

/// <summary>Brackets, and their meaning.</summary>
internal ref partial struct SourceWalk
{
    private int Open(char c, int at)
    {
        BracketKind kind = c switch
        {
            '(' => KindOfParenthesis(),
            '[' => BracketKind.Square,
            _ => KindOfBrace(),
        };

        if (!_brackets.TryOpen(kind)) return FailAtNesting(at);
        return Found(kind is BracketKind.Block or BracketKind.ExpressionBody ? LastToken.Start : LastToken.Operator, at + 1);
    }

    private int Close(char c, int at)
    {
        // A closing bracket without its opening one: the text is not a program. The open bracket stays open, which can only count too much.
        if (_brackets.Depth == 0 || !Closes(c, _brackets.Top.Kind)) return Found(LastToken.Operand, at + 1);
        BracketKind kind = _brackets.Top.Kind;
        _brackets.Close();
        if (kind == BracketKind.Hole)
        {
            _operators = 0;
            return ReadTemplate(at + 1);
        }

        return Found(TokenBehind(kind), at + 1);
    }

    private static bool Closes(char c, BracketKind kind) => kind switch
    {
        BracketKind.Parenthesis or BracketKind.ControlHead or BracketKind.FunctionParameters => c == ')',
        BracketKind.Square => c == ']',
        _ => c == '}',
    };

    private static LastToken TokenBehind(BracketKind kind) => kind switch
    {
        BracketKind.Parenthesis => LastToken.ParenthesisEnd,
        BracketKind.ControlHead => LastToken.ControlHeadEnd,
        BracketKind.FunctionParameters => LastToken.ParametersEnd,
        BracketKind.Block => LastToken.BlockEnd,
        _ => LastToken.Operand,
    };

    private BracketKind KindOfParenthesis()
    {
        if (_functionPosition != WordPosition.None)
        {
            bool expression = _functionPosition == WordPosition.Expression;
            _functionPosition = WordPosition.None;
            return expression ? BracketKind.FunctionParameters : BracketKind.Parenthesis;
        }

        if (_last != LastToken.Word || WordIsMember) return BracketKind.Parenthesis;
        // "for await (" is the only head of two words.
        return LastWord is "if" or "for" or "while" or "with" || (LastWord is "await" && _wordFollowsFor) ? BracketKind.ControlHead : BracketKind.Parenthesis;
    }

    private BracketKind KindOfBrace()
    {
        if (_classDepth == _brackets.Depth && _last is not LastToken.Operator && WordAsSlashContext() != SlashContext.Expression)
        {
            _classDepth = -1;
            return _classPosition == WordPosition.Expression ? BracketKind.ExpressionBody : BracketKind.Block;
        }

        return _last switch
        {
            LastToken.Operator => BracketKind.Object,
            LastToken.ParametersEnd => BracketKind.ExpressionBody,
            LastToken.Word when !BeginsBlock() && WordAsSlashContext() != SlashContext.Operand => BracketKind.Object,
            _ => BracketKind.Block,
        };
    }
}
