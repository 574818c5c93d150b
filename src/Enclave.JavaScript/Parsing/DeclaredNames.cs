using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>A part of the text that names are declared in.</summary>
internal enum RegionKind : byte
{
    Top,
    Function,
    Block,
    Switch,
}

/// <summary>The kind of a name's declaration.</summary>
internal enum DeclarationKind : byte
{
    /// <summary>An assignment target: it declares no name.</summary>
    None,
    Var,
    Parameter,

    /// <summary>let, const, using, class, import, or a function that counts as such.</summary>
    Lexical,

    /// <summary>A plain function of sloppy code, which may be declared twice in a block (Annex B.3.3).</summary>
    Function,

    /// <summary>An enum, which another enum of the region may add members to.</summary>
    Enum,

    /// <summary>The parameter of a catch clause that is a name, which var may redeclare (Annex B.3.4).</summary>
    SimpleCatch,
}

/// <summary>
/// The open regions and the names that they declare, as far as redeclaration is an error (ECMA-262 14.2.1, 14.12.1, 14.15.1, 15.2.1, 16.1.1, 16.2.1.1,
/// Annex B.3). Each name knows its innermost declaration and the time of its last var, so every question takes one step.
/// </summary>
/// <remarks>Cutting it closes regions. Its clock never goes back, so marks of an abandoned region are older than all later ones, and are ignored.</remarks>
internal sealed class DeclaredNames(NameTable names) : Arena
{
    private const int KeptNames = 8192;
    private const int KeptItems = 4096;
    private Region[] _regions = new Region[32];
    private Declaration[] _declarations = new Declaration[64];
    private VarChange[] _varChanges = new VarChange[64];
    private NameState[] _nameStates = new NameState[512];
    private SourceGoal _goal;
    private int _declarationCount;
    private int _varChangeCount;
    private int _clock;

    private struct Region
    {
        public RegionKind Kind;
        public int FirstDeclaration;
        public int Opened;
        public int Function;
        public int FirstVarChange;
    }

    private struct Declaration
    {
        public int Name;
        public int Region;
        public DeclarationKind Kind;

        /// <summary>The declaration that this one hides, counted from 1.</summary>
        public int Hidden;

        /// <summary>The nearest hidden declaration that is not a simple catch parameter, counted from 1.</summary>
        public int HiddenBeyondCatch;
    }

    private struct NameState
    {
        /// <summary>The innermost declaration, counted from 1.</summary>
        public int Declaration;

        /// <summary>The time at which the current function last declared it with var.</summary>
        public int VarTime;

        /// <summary>The time at which it was last a parameter.</summary>
        public int ParameterTime;
    }

    private readonly record struct VarChange(int Name, int Before);

    /// <summary>The kind of the innermost region.</summary>
    public RegionKind Here => _regions[Count - 1].Kind;

    // 8.2.10: at the top of a function, or of a script, functions are treated like var.
    public bool FunctionsAreVarHere => FunctionsAreVar(Count - 1);

    public void Begin(SourceGoal goal) => _goal = goal;

    public override void Clear()
    {
        Count = _declarationCount = _varChangeCount = _clock = 0;
        if (_regions.Length > KeptItems) _regions = new Region[32];
        if (_declarations.Length > KeptItems) _declarations = new Declaration[64];
        if (_varChanges.Length > KeptItems) _varChanges = new VarChange[64];
        if (_nameStates.Length > KeptNames) _nameStates = new NameState[512];
        else Array.Clear(_nameStates);
    }

    public void Open(RegionKind kind)
    {
        if (Count == _regions.Length) Array.Resize(ref _regions, Count * 2);
        int function = kind is RegionKind.Top or RegionKind.Function ? Count : _regions[Count - 1].Function;
        _regions[Count++] = new Region
        {
            Kind = kind,
            FirstDeclaration = _declarationCount,
            Opened = ++_clock,
            Function = function,
            FirstVarChange = _varChangeCount,
        };
    }

    public void Close()
    {
        ref Region region = ref _regions[--Count];
        while (_declarationCount > region.FirstDeclaration)
        {
            ref Declaration declaration = ref _declarations[--_declarationCount];
            _nameStates[declaration.Name].Declaration = declaration.Hidden;
        }

        if (region.Kind is not (RegionKind.Function or RegionKind.Top)) return;
        while (_varChangeCount > region.FirstVarChange)
        {
            VarChange change = _varChanges[--_varChangeCount];
            _nameStates[change.Name].VarTime = change.Before;
        }
    }

    /// <summary>Declares a name in the innermost region. Returns false if that is an error.</summary>
    public bool TryDeclare(int name, DeclarationKind kind)
    {
        if (name >= _nameStates.Length) Array.Resize(ref _nameStates, Math.Max(names.Count, _nameStates.Length * 2));
        switch (kind)
        {
            case DeclarationKind.Lexical:
                if (IsDeclaredHere(name) || IsVarHere(name)) return false;
                Declare(name, kind);
                return true;
            case DeclarationKind.Enum:
                if (IsDeclaredHere(name)) return _declarations[_nameStates[name].Declaration - 1].Kind == DeclarationKind.Enum;
                if (IsVarHere(name)) return false;
                Declare(name, kind);
                return true;
            case DeclarationKind.SimpleCatch:
                Declare(name, kind);
                return true;
            case DeclarationKind.Function:
                return TryDeclareFunction(name);
            default:
                return TryDeclareVar(name);
        }
    }

    /// <summary>The time from now on, for <see cref="IsParameterSince"/>.</summary>
    public int Now() => ++_clock;

    /// <summary>Notes that a name is a parameter. Returns true if it was one since the time already.</summary>
    public bool IsParameterSince(int name, int time)
    {
        ref int last = ref _nameStates[name].ParameterTime;
        bool wasOne = last > time;
        last = ++_clock;
        return wasOne;
    }

    /// <summary>True if an open region declares the name.</summary>
    public bool IsDeclared(int name) => name < _nameStates.Length && (_nameStates[name].Declaration != 0 || _nameStates[name].VarTime != 0);

    /// <summary>True if the innermost region declares the name as an enum.</summary>
    public bool IsEnumHere(int name) =>
        name < _nameStates.Length && IsDeclaredHere(name) && _declarations[_nameStates[name].Declaration - 1].Kind == DeclarationKind.Enum;

    protected override void Cut(int count)
    {
        while (Count > count) Close();
    }

    private bool TryDeclareFunction(int name)
    {
        int current = Count - 1;
        int innermost = _nameStates[name].Declaration;
        bool here = innermost != 0 && _declarations[innermost - 1].Region == current;
        if (here && _declarations[innermost - 1].Kind != DeclarationKind.Function) return false;
        if (!FunctionsAreVar(current) && IsVarHere(name)) return false;
        if (!here) Declare(name, DeclarationKind.Function);
        return true;
    }

    private bool TryDeclareVar(int name)
    {
        int function = _regions[Count - 1].Function;
        int at = _nameStates[name].Declaration;
        if (at != 0 && _declarations[at - 1].Kind == DeclarationKind.SimpleCatch) at = _declarations[at - 1].HiddenBeyondCatch;
        if (at != 0 && _declarations[at - 1].Region >= function)
        {
            ref Declaration declaration = ref _declarations[at - 1];
            if (declaration.Kind != DeclarationKind.Function || !FunctionsAreVar(declaration.Region)) return false;
        }

        if (_varChangeCount == _varChanges.Length) Array.Resize(ref _varChanges, _varChangeCount * 2);
        _varChanges[_varChangeCount++] = new VarChange(name, _nameStates[name].VarTime);
        _nameStates[name].VarTime = ++_clock;
        return true;
    }

    private void Declare(int name, DeclarationKind kind)
    {
        if (_declarationCount == _declarations.Length) Array.Resize(ref _declarations, _declarationCount * 2);
        int hidden = _nameStates[name].Declaration;
        int beyond = hidden != 0 && _declarations[hidden - 1].Kind == DeclarationKind.SimpleCatch ? _declarations[hidden - 1].HiddenBeyondCatch : hidden;
        _declarations[_declarationCount++] = new Declaration { Name = name, Region = Count - 1, Kind = kind, Hidden = hidden, HiddenBeyondCatch = beyond };
        _nameStates[name].Declaration = _declarationCount;
    }

    private bool IsDeclaredHere(int name)
    {
        int at = _nameStates[name].Declaration;
        return at != 0 && _declarations[at - 1].Region == Count - 1;
    }

    // A var anywhere inside the innermost region passes through it on its way to the function.
    private bool IsVarHere(int name) => _nameStates[name].VarTime > _regions[Count - 1].Opened;

    private bool FunctionsAreVar(int region) =>
        _regions[region].Kind == RegionKind.Function || (_regions[region].Kind == RegionKind.Top && _goal != SourceGoal.Module);
}
