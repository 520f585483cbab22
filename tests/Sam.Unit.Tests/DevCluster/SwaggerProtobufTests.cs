using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.OpenApi;

namespace Sam.Unit.Tests.DevCluster;

public sealed class SwaggerProtobufTests
{
    private static readonly JsonObject Document = (JsonObject)
        JsonNode.Parse(
            """
            {"swagger":"2.0","info":{"title":"T","version":"v1"},
             "paths":{"/a/{name}":{"get":{"operationId":"readA","x-kubernetes-action":"get","parameters":[
               {"name":"dryRun","in":"query","type":"string","uniqueItems":true},
               {"name":"body","in":"body","required":true,"schema":{"$ref":"#/definitions/A"}}],
               "responses":{"200":{"description":"OK","schema":{"$ref":"#/definitions/A"}}}},
               "parameters":[{"name":"name","in":"path","type":"string","required":true}]}},
             "definitions":{"A":{"type":"object","required":["x"],"properties":{
               "x":{"type":"array","items":{"type":"string","maxLength":300}},"y":{"type":"object","additionalProperties":{"type":"number","maximum":1.5}}}}}}
            """
        )!;

    [Theory]
    [InlineData("2.0", 1)]
    [InlineData("T", 2, 1)]
    [InlineData("/a/{name}", 8, 2, 1)]
    [InlineData("readA", 8, 2, 2, 2, 5)]
    [InlineData("x-kubernetes-action", 8, 2, 2, 2, 13, 1)]
    [InlineData("\"get\"\n", 8, 2, 2, 2, 13, 2, 2)]
    [InlineData("dryRun", 8, 2, 2, 2, 8, 1, 2, 3, 4)]
    [InlineData("#/definitions/A", 8, 2, 2, 2, 8, 1, 1, 5, 1)]
    [InlineData("name", 8, 2, 2, 9, 1, 2, 4, 4)]
    [InlineData("200", 8, 2, 2, 2, 9, 1, 1)]
    [InlineData("#/definitions/A", 8, 2, 2, 2, 9, 1, 2, 1, 2, 1, 1)]
    [InlineData("A", 9, 1, 1)]
    [InlineData("x", 9, 1, 2, 19)]
    [InlineData("object", 9, 1, 2, 22, 1)]
    [InlineData("string", 9, 1, 2, 25, 1, 2, 23, 1, 22, 1)]
    [InlineData("number", 9, 1, 2, 25, 1, 2, 21, 1, 22, 1)]
    public void A_text_lies_behind_the_field_numbers_of_its_place(string expected, params int[] numbers)
    {
        var bytes = SwaggerProtobuf.Encode(Document);

        var found = numbers.Aggregate<int, IEnumerable<byte[]>>(
            [bytes],
            (parts, number) => parts.SelectMany(part => Fields(part, number))
        );

        Assert.Contains(expected, found.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Numbers_are_kept()
    {
        var definition = Fields(Fields(Fields(SwaggerProtobuf.Encode(Document), 9).Single(), 1).Single(), 2).Single();
        var properties = Fields(Fields(definition, 25).Single(), 1).Select(property => Fields(property, 2).Single()).ToList();

        var items = Fields(Fields(properties[0], 23).Single(), 1).Single();
        var values = Fields(Fields(properties[1], 21).Single(), 1).Single();

        Assert.Equal(300UL, Read(items).Single(field => field.Number == 11).Value);
        Assert.Equal(1.5, BitConverter.UInt64BitsToDouble(Read(values).Single(field => field.Number == 7).Value));
    }

    private static IEnumerable<byte[]> Fields(byte[] message, int number) =>
        Read(message).Where(field => field.Number == number).Select(field => field.Bytes!);

    private static IEnumerable<(int Number, ulong Value, byte[]? Bytes)> Read(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (number, Varint(message, ref at), null);
                    break;
                case 1:
                    yield return (number, BitConverter.ToUInt64(message, at), null);
                    at += 8;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    yield return (number, 0, message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        var shift = 0;
        while (true)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}
