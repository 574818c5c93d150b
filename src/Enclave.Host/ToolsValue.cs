using Enclave.Guard;
using Enclave.Guard.Transforms;
using Enclave.Limits;

namespace Enclave;

// `tools` as a value. Calls such as tools.crm.get(args) become callTool before anything runs, and need nothing else. A script that uses
// `tools` otherwise (a namespace in a variable, a member that is computed, Object.keys) gets an object: namespaces and functions for the tools that the run
// may call, all frozen. Text before the script makes it from their names, which cross as one more global. So recordings and journals have the names, and a
// run that is repeated or continued sees the tools that it saw first. Each function calls callTool: its checks are the same. Only the rules that allow names
// of tools made at run time allow the value.

/// <summary>Gives scripts their tools as an object, if they use <c>tools</c> as a value.</summary>
internal sealed class ToolsValue(HostRules rules, ResolvedOptions settings)
{
    /// <summary>
    /// Makes the object. The text names nothing that the script may declare itself, except callTool. If the script declares callTool, calls use the script's
    /// own. A tool may have the name of a namespace: its function has the others as members. A namespace is made when it is first read, since 500 functions
    /// take as long as a run.
    /// </summary>
    private const string Before =
        "const tools=((all,{freeze,defineProperty})=>{const make=(names,path)=>{let node={};const parts={__proto__:null};" +
        "for(const name of names){if(name+':'===path){node=(args)=>callTool(name,args);continue;}" +
        "const end=name.indexOf(':',path.length),part=end<0?name.slice(path.length):name.slice(path.length,end);(parts[part]??=[]).push(name);}" +
        "for(const part in parts){const own=parts[part],first=own[0],from=path+part+':';let value;" +
        "if(own.length>1||first.length>from.length)defineProperty(node,part,{get:()=>value??=make(own,from),enumerable:true});" +
        "else{value=freeze((args)=>callTool(first,args));if(part in node)defineProperty(node,part,{value,enumerable:true});else node[part]=value;}}" +
        "return freeze(node);};return make(all,'');})(__ag_tools,({}).constructor);\n";

    /// <summary>Adds the names to the first globals of a durable run, if the script may need them. The later parts of the run get the same globals.</summary>
    public byte[] Keep(string code, RunOptions? run, byte[] globals) =>
        code.Contains(ToolNamespaces.Root, StringComparison.Ordinal) && NamesOf(run) is { Length: > 0 } names ? With(names, globals) : globals;

    /// <summary>True if a script of this run has the value.</summary>
    public bool IsFor(RunOptions? run) => IsAllowed(run) && (rules.Of(run).Tools.Of(run).Any() || run?.Session?.OutsideTools is { Count: > 0 });

    /// <summary>The script and its run with the value, if the script uses it and the run may call tools.</summary>
    public (GuardedScript Script, RequestedRun Asked) Give(GuardedScript script, RequestedRun asked)
    {
        if (!script.UsesTools) return (script, asked);
        // A repeated or continued run has its names among its globals.
        if (!asked.GlobalNames.Contains(GlobalsEncoder.ToolNames))
        {
            string[] names = NamesOf(asked.Options);
            if (names.Length == 0) return (script, asked);
            asked = asked with { Globals = With(names, asked.Globals) };
        }

        return (script.WithTools(Before), asked);
    }

    private static byte[] With(string[] names, byte[] globals)
    {
        Dictionary<string, object?> all = GlobalsEncoder.Decode(globals);
        return all.TryAdd(GlobalsEncoder.ToolNames, names) ? GlobalsEncoder.EncodeKept(all) : globals;
    }

    /// <summary>False if the run's rules do not allow the value, or a global of the host has its name.</summary>
    private bool IsAllowed(RunOptions? run) =>
        rules.PresetOf(run) == GuardPreset.JavaScript && !settings.GlobalNamesOf(run).Contains(ToolNamespaces.Root);

    /// <summary>The names of the tools that the run may call; empty if the run does not have <c>tools</c> as a value.</summary>
    private string[] NamesOf(RunOptions? run) =>
        !IsAllowed(run)
            ? []
            : [.. rules.Of(run).Tools.Of(run).Select((tool) => tool.Name).Concat(run?.Session?.OutsideTools ?? []).Distinct(StringComparer.Ordinal)];
}
