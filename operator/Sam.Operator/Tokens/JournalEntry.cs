using System.Text.Json;
using System.Text.Json.Serialization;
using Sam.Operator.Clients.GitHub;

namespace Sam.Operator.Tokens;

/// <summary>One token of an owner: what it is for, and what it takes to end it.</summary>
internal sealed record JournalEntry
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The token.</summary>
    public required InstallationToken Secret { get; init; }

    /// <summary>What it is used for.</summary>
    public required string Use { get; init; }

    /// <summary>The whole ask that it answers: equal for equal asks only.</summary>
    public required string Ask { get; init; }

    /// <summary>When it was minted, by our clock.</summary>
    public required DateTimeOffset MintedAt { get; init; }

    /// <summary>When it ends, by itself or by us, by our clock.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>When it dies by itself, by our clock.</summary>
    public required DateTimeOffset DiesAt { get; init; }

    /// <summary>When half of its life is over.</summary>
    public DateTimeOffset RenewAt => MintedAt + ((EndsAt - MintedAt) / 2);

    /// <summary>Whether it is good enough where nothing newer can be had.</summary>
    public bool IsUsableAt(DateTimeOffset now) => now < EndsAt - Margin;

    /// <summary>The entry as the journal keeps it.</summary>
    public byte[] Write() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JournalLine(
                Secret.Reveal(),
                Secret.AppId,
                Secret.InstallationId,
                Secret.ExpiresAt,
                Use,
                Ask,
                MintedAt,
                EndsAt,
                DiesAt
            ),
            JournalJson.Default.JournalLine
        );

    /// <summary>Reads what the journal kept; null if it is damaged.</summary>
    public static JournalEntry? Read(byte[] line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, JournalJson.Default.JournalLine) is not { } read)
                return null;
            return new JournalEntry
            {
                Secret = new InstallationToken(read.Token, read.AppId, read.InstallationId, read.ExpiresAt),
                Use = read.Use,
                Ask = read.Ask,
                MintedAt = read.MintedAt,
                EndsAt = read.EndsAt,
                DiesAt = read.DiesAt,
            };
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>The words of a journal; they outlive a process.</summary>
internal sealed record JournalLine(
    string Token,
    string AppId,
    long InstallationId,
    DateTimeOffset ExpiresAt,
    string Use,
    string Ask,
    DateTimeOffset MintedAt,
    DateTimeOffset EndsAt,
    DateTimeOffset DiesAt
)
{
    // The generated one would print the token.
    public override string ToString() => "a line of the token journal";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
