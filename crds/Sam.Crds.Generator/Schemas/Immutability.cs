using Sam.Crds.Schema;

namespace Sam.Crds.Generator.Schemas;

/// <summary>The transition rules behind <see cref="ImmutableAttribute"/>.</summary>
internal static class Immutability
{
    /// <summary>The rule on the field itself.</summary>
    public const string ValueRule = "self == oldSelf";

    /// <summary>On the field: its value stays. A server runs the rule only where the field is there before and after.</summary>
    public static RuleAttribute? OfValue(Field field) =>
        field.WayOutOfChange is { } wayOut ? new(ValueRule, $"{field.JsonName} cannot change; {wayOut}") : null;

    /// <summary>On its owner: an optional field is not removed and set again, which no rule on the field would see.</summary>
    public static RuleAttribute? OfPresence(Field field) =>
        field is { WayOutOfChange: { } wayOut, IsRequired: false, Default: null }
            ? new(
                $"has(self.{field.JsonName}) == has(oldSelf.{field.JsonName})",
                $"{field.JsonName} cannot be set or removed later; {wayOut}"
            )
            : null;
}
