using System.CommandLine;
using Sam.Crds.Generator;

var output = new Option<DirectoryInfo>("--output") { Description = "Folder of the manifests", Required = true };
var docs = new Option<DirectoryInfo>("--docs") { Description = "Folder of reasons.md and api.md", Required = true };
var roles = new Option<DirectoryInfo>("--roles") { Description = "Folder of the operator's account and roles", Required = true };
var root = new RootCommand("Writes the CRDs, their reference and the operator's roles from the code") { output, docs, roles };
root.SetAction(parsed =>
    Output.Write(
        new Targets(parsed.GetRequiredValue(output), parsed.GetRequiredValue(docs), parsed.GetRequiredValue(roles)),
        Console.Out,
        Console.Error
    )
);
return root.Parse(args).Invoke();
