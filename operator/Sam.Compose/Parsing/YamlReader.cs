using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>Text to tree, with every limit that keeps a hostile file harmless.</summary>
internal sealed class YamlReader
{
    public const int MostCharacters = 512 * 1024;
    public const int MostDepth = 60;
    public const int MostNodes = 50_000;

    private readonly Parser _parser;
    private readonly Problems _problems;
    private readonly Dictionary<string, Node> _anchors = new(StringComparer.Ordinal);
    private readonly Dictionary<Node, int> _sizes = new(ReferenceEqualityComparer.Instance);
    private int _nodes;

    private YamlReader(Parser parser, Problems problems) => (_parser, _problems) = (parser, problems);

    /// <summary>Null when the text is no single YAML document; the reason is then in the problems.</summary>
    public static Node? Read(string text, Problems problems)
    {
        if (text.Length > MostCharacters)
        {
            problems.Error(default, "", TooLarge, $"The file has {text.Length} characters; at most {MostCharacters} are read");
            return null;
        }
        try
        {
            return new YamlReader(new Parser(new StringReader(text)), problems).Document();
        }
        catch (YamlException fault)
        {
            problems.Error(
                new Place(fault.Start.Line, fault.Start.Column),
                "",
                Syntax,
                $"Line {fault.Start.Line}, column {fault.Start.Column}: {fault.Message}"
            );
        }
        catch (LimitException fault)
        {
            problems.Error(fault.Place, "", TooLarge, fault.Message);
        }
        // What the YAML library itself trips over on malformed input (seen with mutated files) is a fault of the file too.
        catch (Exception fault)
            when (fault is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            problems.Error(default, "", Syntax, "The file is no YAML document; check it with any YAML linter");
        }
        return null;
    }

    private Node? Document()
    {
        Next<StreamStart>();
        if (_parser.Current is StreamEnd)
        {
            _problems.Error(default, "services", Required, "The file is empty; it needs services with at least one service");
            return null;
        }
        Next<DocumentStart>();
        var root = ReadNode(0, "");
        Next<DocumentEnd>();
        if (_parser.Current is not StreamEnd)
        {
            _problems.Error(PlaceOf(_parser.Current!), "", Syntax, "The file holds several YAML documents; keep one");
            return null;
        }
        return root;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        // The first call of all stands before the stream.
        if (_parser.Current is null && !_parser.MoveNext())
            throw new YamlException("The file is no YAML stream");
        if (_parser.Current is not T)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"Unexpected {_parser.Current.GetType().Name}");
        _parser.MoveNext();
    }

    private Node ReadNode(int depth, string path)
    {
        var current = _parser.Current ?? throw new YamlException("The file ends too early");
        if (depth > MostDepth)
            throw new LimitException(PlaceOf(current), $"The file is nested deeper than {MostDepth} levels");
        if (current is AnchorAlias alias)
            return Alias(alias, path);
        var place = PlaceOf(current);
        var before = _nodes;
        Count(1, place);
        Node node = current switch
        {
            Scalar scalar => ReadScalar(scalar, place),
            SequenceStart => ReadList(place, depth, path),
            MappingStart => ReadMap(place, depth, path),
            _ => throw new YamlException(current.Start, current.End, $"Unexpected {current.GetType().Name}"),
        };
        if (current is NodeEvent { Anchor: { IsEmpty: false } anchor })
            (_anchors[anchor.Value], _sizes[node]) = (node, _nodes - before);
        return node;
    }

    private Node Alias(AnchorAlias alias, string path)
    {
        _parser.MoveNext();
        var place = PlaceOf(alias);
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
        {
            _problems.Error(
                place,
                path,
                UndefinedReference,
                $"Anchor &{alias.Value.Value} is not defined above; define it or write the value out"
            );
            return new ScalarNode(place, "", ScalarKind.Null);
        }
        // An alias costs what it stands for: a few lines of nested aliases would otherwise grow without end.
        Count(_sizes[target], place);
        return target;
    }

    private ScalarNode ReadScalar(Scalar scalar, Place place)
    {
        _parser.MoveNext();
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? null : scalar.Tag.Value;
        return ScalarNode.Of(place, scalar.Value, scalar.Style == ScalarStyle.Plain, tag);
    }

    private ListNode ReadList(Place place, int depth, string path)
    {
        _parser.MoveNext();
        var items = new List<Node>();
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadNode(depth + 1, $"{path}[{items.Count}]"));
        _parser.MoveNext();
        return new ListNode(place, items);
    }

    private MapNode ReadMap(Place place, int depth, string path)
    {
        _parser.MoveNext();
        var entries = new List<MapEntry>();
        var merges = new List<Node>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var keyPlace = PlaceOf(_parser.Current!);
            var merge = _parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
            if (ReadNode(depth + 1, path) is not ScalarNode key)
            {
                _problems.Error(keyPlace, path, InvalidValue, "A key must be a plain word, not a list or map");
                ReadNode(depth + 1, path);
                continue;
            }
            var value = ReadNode(depth + 1, Paths.Join(path, key.Text));
            if (key.Kind != ScalarKind.String)
                _problems.Error(keyPlace, Paths.Join(path, key.Text), InvalidValue, "A key is a string; put it in quotes");
            if (merge && merges.Count > 0)
                _problems.Error(
                    keyPlace,
                    Paths.Join(path, key.Text),
                    Duplicate,
                    "Merge several maps with one list: <<: [*a, *b]"
                );
            if (merge)
                merges.Add(value);
            else if (keys.Add(key.Text))
                entries.Add(new MapEntry(key.Text, keyPlace, value));
            else
                _problems.Error(keyPlace, Paths.Join(path, key.Text), Duplicate, $"Key {key.Text} stands here twice; keep one");
        }
        _parser.MoveNext();
        foreach (var source in merges)
            Merge(source, entries, keys, path);
        return new MapNode(place, entries);
    }

    // Keys written out win over merged ones, earlier sources over later ones.
    private void Merge(Node source, List<MapEntry> entries, HashSet<string> keys, string path)
    {
        switch (source)
        {
            case MapNode map:
                Count(map.Entries.Count, map.Place);
                entries.AddRange(map.Entries.Where(entry => keys.Add(entry.Key)));
                break;
            case ListNode list when list.Items.All(item => item is MapNode):
                foreach (var item in list.Items)
                    Merge(item, entries, keys, path);
                break;
            default:
                _problems.Error(source.Place, Paths.Join(path, "<<"), InvalidValue, "A merge key takes a map or a list of maps");
                break;
        }
    }

    private void Count(int nodes, Place place)
    {
        _nodes += nodes;
        if (_nodes > MostNodes)
            throw new LimitException(
                place,
                $"The file grows beyond {MostNodes} nodes, aliases counted in full; write less or use fewer aliases"
            );
    }

    private static Place PlaceOf(ParsingEvent current) => new(current.Start.Line, current.Start.Column);

    private sealed class LimitException(Place place, string message) : Exception(message)
    {
        public Place Place { get; } = place;
    }
}
