using System.CommandLine;
using Sam.Crds.Generator;

var output = new Option<DirectoryInfo>("--output") { Description = "Folder of the manifests", Required = true };
var docs = new Option<DirectoryInfo>("--docs") { Description = "Folder of reasons.md and api.md", Required = true };
var root = new RootCommand("Writes the CRDs and their reference from the API types") { output, docs };
root.SetAction(parsed =>
    Output.Write(parsed.GetRequiredValue(output), parsed.GetRequiredValue(docs), Console.Out, Console.Error)
);
return root.Parse(args).Invoke();
