namespace Enclave.JavaScript.Parsing;

/// <summary>What the text shows of a value: the number, that it is a text, or nothing.</summary>
/// <remarks>The characters of a text are not kept: an enum of a few lines could double them with each member.</remarks>
internal readonly record struct EnumValue(EnumValueKind Kind, double Number = 0)
{
    public static EnumValue Text { get; } = new(EnumValueKind.Text);

    public static EnumValue Of(double number) => new(EnumValueKind.Number, number);

    public bool IsNumber => Kind == EnumValueKind.Number;
}

/// <summary>What the text shows of a value.</summary>
internal enum EnumValueKind : byte
{
    /// <summary>Only the run shows it.</summary>
    Unknown,
    Number,
    Text,
}
