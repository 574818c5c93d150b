using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Records which scope declares which names, as far as redeclaration is an error (ECMA-262 14.2.1, 14.12.1, 14.15.1, 15.2.1, 16.1.1, 16.2.1.1, Annex B.3).
/// Each name knows its innermost declaration and the time of its last var, so every question takes one step.
/// </summary>
internal sealed partial class ProgramParser
{
    private const int KeptNames = 8192;
    private Scope[] _scopes = new Scope[32];
    private Declaration[] _declarations = new Declaration[64];
    private VarChange[] _varChanges = new VarChange[64];
    private NameState[] _nameStates = new NameState[512];
    private int _scopeCount;
    private int _declarationCount;
    private int _varChangeCount;
    private int _clock;

    /// <summary>The time at which the declaration of the current function's parameters began.</summary>
    private int _parametersSince;
    private int _repeatedParameter;

    private enum ScopeKind : byte
    {
        Top,
        Function,
        Block,
        Switch,
    }

    private enum BindingKind : byte
    {
        /// <summary>An assignment target: it declares no name.</summary>
        None,
        Var,
        Parameter,

        /// <summary>let, const, using, class, import, or a function that counts as such.</summary>
        Lexical,

        /// <summary>A plain function of sloppy code, which may be declared twice in a block (Annex B.3.3).</summary>
        Function,

        /// <summary>An enum, which another enum of the scope may add members to.</summary>
        Enum,

        /// <summary>The parameter of a catch clause that is a name, which var may redeclare (Annex B.3.4).</summary>
        SimpleCatch,
    }

    private struct Scope
    {
        public ScopeKind Kind;
        public int FirstDeclaration;
        public int Opened;
        public int Function;
        public int FirstVarChange;
    }

    private struct Declaration
    {
        public int Name;
        public int Scope;
        public BindingKind Kind;

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

    private void BeginScopes()
    {
        _scopeCount = _declarationCount = _varChangeCount = 0;
        _clock = 0;
    }

    private void EndScopes()
    {
        if (_nameStates.Length > KeptNames) _nameStates = new NameState[512];
        else Array.Clear(_nameStates);
        _classDepth = 0;
        _privateUses.Clear();
        _privateNames.Clear();
        _exports = null;
        _localExports.Clear();
        _labels.Clear();
    }

    private void OpenScope(ScopeKind kind)
    {
        if (_scopeCount == _scopes.Length) Array.Resize(ref _scopes, _scopeCount * 2);
        int function = kind is ScopeKind.Top or ScopeKind.Function ? _scopeCount : _scopes[_scopeCount - 1].Function;
        _scopes[_scopeCount++] = new Scope
        {
            Kind = kind,
            FirstDeclaration = _declarationCount,
            Opened = ++_clock,
            Function = function,
            FirstVarChange = _varChangeCount,
        };
    }

    private void CloseScope()
    {
        ref Scope scope = ref _scopes[--_scopeCount];
        while (_declarationCount > scope.FirstDeclaration)
        {
            ref Declaration declaration = ref _declarations[--_declarationCount];
            _nameStates[declaration.Name].Declaration = declaration.Hidden;
        }

        if (scope.Kind is not (ScopeKind.Function or ScopeKind.Top)) return;
        while (_varChangeCount > scope.FirstVarChange)
        {
            VarChange change = _varChanges[--_varChangeCount];
            _nameStates[change.Name].VarTime = change.Before;
        }
    }

    /// <summary>Declares a name in the current scope. Returns false if that is an error.</summary>
    private bool TryDeclare(int name, BindingKind kind)
    {
        if (name >= _nameStates.Length) Array.Resize(ref _nameStates, Math.Max(Names.Count, _nameStates.Length * 2));
        switch (kind)
        {
            case BindingKind.Lexical:
                if (IsDeclaredHere(name) || IsVarHere(name)) return false;
                Declare(name, kind);
                return true;
            case BindingKind.Enum:
                if (IsDeclaredHere(name)) return _declarations[_nameStates[name].Declaration - 1].Kind == BindingKind.Enum;
                if (IsVarHere(name)) return false;
                Declare(name, kind);
                return true;
            case BindingKind.SimpleCatch:
                Declare(name, kind);
                return true;
            case BindingKind.Function:
                return TryDeclareFunction(name);
            default:
                return TryDeclareVar(name);
        }
    }

    private bool TryDeclareFunction(int name)
    {
        int current = _scopeCount - 1;
        int innermost = _nameStates[name].Declaration;
        bool here = innermost != 0 && _declarations[innermost - 1].Scope == current;
        if (here && _declarations[innermost - 1].Kind != BindingKind.Function) return false;
        if (!FunctionsAreVar(current) && IsVarHere(name)) return false;
        if (!here) Declare(name, BindingKind.Function);
        return true;
    }

    private bool TryDeclareVar(int name)
    {
        int function = _scopes[_scopeCount - 1].Function;
        int at = _nameStates[name].Declaration;
        if (at != 0 && _declarations[at - 1].Kind == BindingKind.SimpleCatch) at = _declarations[at - 1].HiddenBeyondCatch;
        if (at != 0 && _declarations[at - 1].Scope >= function)
        {
            ref Declaration declaration = ref _declarations[at - 1];
            if (declaration.Kind != BindingKind.Function || !FunctionsAreVar(declaration.Scope)) return false;
        }

        if (_varChangeCount == _varChanges.Length) Array.Resize(ref _varChanges, _varChangeCount * 2);
        _varChanges[_varChangeCount++] = new VarChange(name, _nameStates[name].VarTime);
        _nameStates[name].VarTime = ++_clock;
        return true;
    }

    private void Declare(int name, BindingKind kind)
    {
        if (_declarationCount == _declarations.Length) Array.Resize(ref _declarations, _declarationCount * 2);
        int hidden = _nameStates[name].Declaration;
        int beyond = hidden != 0 && _declarations[hidden - 1].Kind == BindingKind.SimpleCatch ? _declarations[hidden - 1].HiddenBeyondCatch : hidden;
        _declarations[_declarationCount++] = new Declaration { Name = name, Scope = _scopeCount - 1, Kind = kind, Hidden = hidden, HiddenBeyondCatch = beyond };
        _nameStates[name].Declaration = _declarationCount;
    }

    private bool IsDeclaredHere(int name)
    {
        int at = _nameStates[name].Declaration;
        return at != 0 && _declarations[at - 1].Scope == _scopeCount - 1;
    }

    // A var anywhere inside the current scope passes through it on its way to the function.
    private bool IsVarHere(int name) => _nameStates[name].VarTime > _scopes[_scopeCount - 1].Opened;

    // 8.2.10: at the top of a function, or of a script, functions are treated like var.
    private bool FunctionsAreVar(int scope) => _scopes[scope].Kind == ScopeKind.Function || (_scopes[scope].Kind == ScopeKind.Top && !IsModule);

    /// <summary>Declares a binding identifier, or checks it as a target of assignment.</summary>
    private void CheckBinding(Identifier identifier, BindingKind kind)
    {
        if (_ambient > 0) return;
        string name = identifier.Name;
        // Equal names are one string, see NameTable.
        if (_strict && (ReferenceEquals(name, s_eval) || ReferenceEquals(name, s_arguments)))
        {
            EarlyError(
                identifier.Start, kind == BindingKind.None ? $"'{name}' cannot be assigned to in strict code" : $"'{name}' cannot be declared in strict code");
            return;
        }

        if (kind == BindingKind.None) return;
        if (kind is BindingKind.Lexical or BindingKind.Enum && ReferenceEquals(name, s_let))
        {
            EarlyError(identifier.Start, "'let' cannot be the name of a lexical declaration");
            return;
        }

        int number = Names.Find(name);
        if (!TryDeclare(number, kind) && !Failed) EarlyError(identifier.Start, $"'{name}' is already declared in this scope");
        if (kind != BindingKind.Parameter) return;
        if (_nameStates[number].ParameterTime > _parametersSince && _repeatedParameter < 0) _repeatedParameter = identifier.Start;
        _nameStates[number].ParameterTime = ++_clock;
    }
}
