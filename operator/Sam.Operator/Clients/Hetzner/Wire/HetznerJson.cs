using System.Text.Json.Serialization;

namespace Sam.Operator.Clients.Hetzner.Wire;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(ServersPage))]
[JsonSerializable(typeof(ServerTypesPage))]
[JsonSerializable(typeof(LocationsPage))]
[JsonSerializable(typeof(ImagesPage))]
[JsonSerializable(typeof(SshKeysPage))]
[JsonSerializable(typeof(PricingAnswer))]
[JsonSerializable(typeof(ServerAnswer))]
[JsonSerializable(typeof(CreateServerAnswer))]
[JsonSerializable(typeof(ActionAnswer))]
[JsonSerializable(typeof(OptionalActionAnswer))]
[JsonSerializable(typeof(SshKeyAnswer))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(CreateServerBody))]
[JsonSerializable(typeof(CreateSshKeyBody))]
internal sealed partial class HetznerJson : JsonSerializerContext;
