namespace Sam.DevCluster.Storage;

/// <summary>The words and signs of a label selector, one after the other; an empty word is the end.</summary>
internal sealed class SelectorLexer(string text)
{
    private const string Signs = "=!(),<>";
    private static readonly string[] Known = [")", ",", "!", "==", "=", "!=", "(", "<", ">"];

    private int _at;
    private string? _next;

    public string Peek() => _next ??= Scan();

    public string Take()
    {
        var token = Peek();
        _next = null;
        return token;
    }

    public static bool IsWord(string token) => token.Length > 0 && !Signs.Contains(token[0]);

    private string Scan()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
        var start = _at;
        if (_at < text.Length && Signs.Contains(text[_at]))
        {
            _at++;
            while (_at < text.Length && Known.Contains(text[start..(_at + 1)]))
                _at++;
        }
        else
        {
            while (_at < text.Length && !Signs.Contains(text[_at]) && !char.IsWhiteSpace(text[_at]))
                _at++;
        }
        return text[start.._at];
    }
}
