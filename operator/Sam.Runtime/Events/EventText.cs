using System.Text;

namespace Sam.Runtime.Events;

/// <summary>Cuts texts to what the API accepts.</summary>
internal static class EventText
{
    /// <summary>Longest note, in bytes of UTF-8, which is how the API server counts.</summary>
    public const int NoteLimit = 1024;

    private const string Ellipsis = "…";

    /// <summary>The text, or as much of it as fits, never half a character.</summary>
    public static string Cut(string text, int limit = NoteLimit)
    {
        if (Encoding.UTF8.GetByteCount(text) <= limit)
            return text;
        var room = limit - Encoding.UTF8.GetByteCount(Ellipsis);
        var taken = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Utf8SequenceLength > room)
                break;
            room -= rune.Utf8SequenceLength;
            taken += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, taken), Ellipsis);
    }
}
