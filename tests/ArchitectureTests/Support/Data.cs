using System.Reflection;
using System.Text.Json.Serialization;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Support;

/// <summary>The types of an assembly that carry data: messages, their results, the types that become JSON, and the types of their members.</summary>
internal static class Data
{
    public static IReadOnlySet<Type> Of(Assembly assembly)
    {
        var data = new HashSet<Type>();
        foreach (var type in assembly.GetTypes())
        {
            if (type.IsMessage())
                Add(type);
            foreach (var message in type.ImplementationsOf(typeof(IMessage<>)))
                Add(message.GenericTypeArguments[0]);
            foreach (var json in type.CustomAttributes.Where(data => data.AttributeType == typeof(JsonSerializableAttribute)))
                Add((Type)json.ConstructorArguments[0].Value!);
        }

        return data;

        void Add(Type type)
        {
            foreach (var part in type.GenericTypeArguments)
                Add(part);
            if (type.Assembly == assembly && !type.IsEnum && data.Add(type))
            {
                foreach (var property in type.GetProperties())
                    Add(property.PropertyType);
            }
        }
    }
}
