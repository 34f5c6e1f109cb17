"""The texts of the bank page, in the languages of the shop's customers."""

#: Language → text by name; English is the default, and every language has every text.
TEXTS = {
    "en": {
        "bank": "Sandbox: a test bank. No money moves.",
        "wallet": "Sandbox: a test wallet. No money moves.",
        "bank_intro": "A real bank would now ask for a password or a fingerprint."
        " Here, choose how it ends.",
        "wallet_intro": "A real one would now open its app or ask for a password."
        " Here, choose how it ends.",
        "amount": "Amount",
        "card": "Card",
        "method": "Pay with",
        "months": "{} months",
        "description": "For",
        "merchant": "Test merchant",
        "approve": "Approve",
        "decline": "Decline",
        "cancel": "Cancel",
        "failed": "This payment was not approved.",
        "expired": "The time for this payment is over.",
        "reversed": "This payment was taken back.",
        "back": "Go back to the merchant",
    },
    "th": {
        "bank": "แซนด์บ็อกซ์: ธนาคารทดสอบ ไม่มีการโอนเงินจริง",
        "wallet": "แซนด์บ็อกซ์: วอลเล็ตทดสอบ ไม่มีการโอนเงินจริง",
        "bank_intro": "ธนาคารจริงจะขอรหัสผ่านหรือลายนิ้วมือ ที่นี่ให้เลือกผลลัพธ์",
        "wallet_intro": "ผู้ให้บริการจริงจะเปิดแอปหรือขอรหัสผ่าน ที่นี่ให้เลือกผลลัพธ์",
        "amount": "จำนวนเงิน",
        "card": "บัตร",
        "method": "ชำระด้วย",
        "months": "{} เดือน",
        "description": "รายการ",
        "merchant": "ร้านค้าทดสอบ",
        "approve": "อนุมัติ",
        "decline": "ปฏิเสธ",
        "cancel": "ยกเลิก",
        "failed": "การชำระเงินนี้ไม่ได้รับการอนุมัติ",
        "expired": "หมดเวลาชำระเงินแล้ว",
        "reversed": "การชำระเงินนี้ถูกยกเลิกแล้ว",
        "back": "กลับไปที่ร้านค้า",
    },
    "ja": {
        "bank": "サンドボックス: テスト銀行。実際のお金は動きません。",
        "wallet": "サンドボックス: テストウォレット。実際のお金は動きません。",
        "bank_intro": "実際の銀行はパスワードを求めます。ここでは結果を選んでください。",
        "wallet_intro": "実際にはアプリが開きます。ここでは結果を選んでください。",
        "amount": "金額",
        "card": "カード",
        "method": "お支払い方法",
        "months": "{}か月",
        "description": "内容",
        "merchant": "テスト加盟店",
        "approve": "承認する",
        "decline": "拒否する",
        "cancel": "キャンセル",
        "failed": "このお支払いは承認されませんでした。",
        "expired": "お支払いの期限が過ぎました。",
        "reversed": "このお支払いは取り消されました。",
        "back": "加盟店に戻る",
    },
}


def preferred(languages: str) -> str:
    """The first known language of an `Accept-Language` header; else English."""
    for choice in languages.split(","):
        name = choice.partition(";")[0].strip().partition("-")[0].lower()
        if name in TEXTS:
            return name
    return "en"
