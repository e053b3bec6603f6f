using FsCheck;
using FsCheck.Fluent;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class UserCursorTests
{
    private static readonly ListUsers List = new(new UserFilter(), new UserOrder(UserSort.Name));

    [Fact]
    public void Comes_back_as_it_went() => Prop.ForAll<long, NonNull<string>, DateTime>((id, text, time) =>
    {
        if (!UserCqrs.Domain.Text.IsInterchangeable(text.Get) || text.Get.Contains('\0'))
            return true;
        var cursor = new UserCursor(id, text.Get, new DateTimeOffset(time.Ticks, TimeSpan.Zero));
        return UserCursor.TryDecode(cursor.Encode(List), List, out var decoded) && decoded == cursor;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_else_is_one() => Prop.ForAll<NonNull<string>>(text => !UserCursor.TryDecode(text.Get, List, out _))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_changed_format_version_or_binding_is_noticed()
    {
        var text = new UserCursor(42, "Ann", default).Encode(List);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        for (var i = 0; i <= 8; i++)
        {
            bytes[i] ^= 1;
            Assert.False(UserCursor.TryDecode(System.Buffers.Text.Base64Url.EncodeToString(bytes), List, out _));
            bytes[i] ^= 1;
        }

        Assert.True(UserCursor.TryDecode(text, List, out _));
    }
}
