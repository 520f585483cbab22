using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Sam.Crds.Generator.Reading;

/// <summary>Summaries of the XML documentation files that the compiler writes beside assemblies, as plain text.</summary>
public sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _summaries = new(StringComparer.Ordinal);

    /// <summary>Reads the documentation files of these assemblies.</summary>
    /// <exception cref="FileNotFoundException">An assembly has none.</exception>
    public static XmlDocs Of(params IEnumerable<Assembly> assemblies)
    {
        var docs = new XmlDocs();
        foreach (var assembly in assemblies)
        {
            var path = Path.ChangeExtension(assembly.Location, ".xml");
            if (!File.Exists(path))
                throw new FileNotFoundException($"{assembly.GetName().Name} has no documentation file", path);
            docs.Read(XDocument.Load(path, LoadOptions.PreserveWhitespace));
        }

        return docs;
    }

    /// <summary>Summary of a type, or null.</summary>
    public string? Summary(Type type) => Text($"T:{Id(type)}");

    /// <summary>Summary of a property, or null.</summary>
    public string? Summary(PropertyInfo property) => Text($"P:{Id(property.DeclaringType!)}.{property.Name}");

    /// <summary>Summary of an enum's value, or null.</summary>
    public string? Summary(Type enumType, string value) => Text($"F:{Id(enumType)}.{value}");

    private static string Id(Type type) =>
        (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private void Read(XDocument document)
    {
        foreach (var member in document.Descendants("member"))
        {
            if (member.Element("summary") is { } summary)
                _summaries[member.Attribute("name")!.Value] = summary;
        }
    }

    private string? Text(string id)
    {
        if (!_summaries.TryGetValue(id, out var summary))
            return null;
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
            Append(text, node);
        var line = string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 0 ? line : null;
    }

    private static void Append(StringBuilder text, XNode node)
    {
        switch (node)
        {
            case XText plain:
                text.Append(plain.Value);
                break;
            case XElement { Name.LocalName: "c" } code:
                text.Append('`').Append(code.Value).Append('`');
                break;
            case XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } cref:
                text.Append('`').Append(cref.Value[(cref.Value.LastIndexOf('.') + 1)..]).Append('`');
                break;
            case XElement { Name.LocalName: "see" } see when see.Attribute("langword") is { } word:
                text.Append(word.Value);
                break;
            case XElement other:
                throw new NotSupportedException($"<{other.Name.LocalName}> has no plain text form: {other}");
        }
    }
}
