//! The property tags that have a name: one row each, sorted by identifier.

use super::{PropTag, PropType};

/// One row of the table.
pub(super) struct Row {
    pub(super) tag: PropTag,
    pub(super) name: &'static str,
}

/// A row: identifier, type, constant, MAPI's name, and what it is.
macro_rules! tags {
    ($($id:literal $type:ident $constant:ident $name:literal $meaning:literal;)+) => {
        /// The tags that mail tools use most, by identifier. Texts are PT_UNICODE.
        impl PropTag {
            $(
                #[doc = $meaning]
                #[doc(alias = $name)]
                pub const $constant: Self = Self::of($id, PropType::$type);
            )+
        }

        /// Every row, sorted by identifier.
        pub(super) static ROWS: &[Row] = &[
            $(Row { tag: PropTag::$constant, name: $name }),+
        ];
    };
}

tags! {
    0x0017 LONG IMPORTANCE "PR_IMPORTANCE" "How important the message is: 0 low, 1 normal, 2 high.";
    0x001A UNICODE MESSAGE_CLASS "PR_MESSAGE_CLASS" "The kind of message, such as IPM.Note.";
    0x0023 BOOLEAN ORIGINATOR_DELIVERY_REPORT_REQUESTED "PR_ORIGINATOR_DELIVERY_REPORT_REQUESTED" "Whether the sender asks for a report of the delivery.";
    0x0026 LONG PRIORITY "PR_PRIORITY" "How urgent the message is: -1 not, 0 normal, 1 urgent.";
    0x0029 BOOLEAN READ_RECEIPT_REQUESTED "PR_READ_RECEIPT_REQUESTED" "Whether the sender asks for a report of the reading.";
    0x0030 SYSTIME REPLY_TIME "PR_REPLY_TIME" "When a reply is due.";
    0x0036 LONG SENSITIVITY "PR_SENSITIVITY" "How confidential the message is: 0 not, 1 personal, 2 private, 3 confidential.";
    0x0037 UNICODE SUBJECT "PR_SUBJECT" "The subject, in full.";
    0x0039 SYSTIME CLIENT_SUBMIT_TIME "PR_CLIENT_SUBMIT_TIME" "When the message was submitted.";
    0x003D UNICODE SUBJECT_PREFIX "PR_SUBJECT_PREFIX" "What stands before the subject proper, such as \"RE: \".";
    0x003F BINARY RECEIVED_BY_ENTRYID "PR_RECEIVED_BY_ENTRYID" "Who received the message: their entry identifier.";
    0x0040 UNICODE RECEIVED_BY_NAME "PR_RECEIVED_BY_NAME" "Who received the message: their name.";
    0x0041 BINARY SENT_REPRESENTING_ENTRYID "PR_SENT_REPRESENTING_ENTRYID" "On whose behalf the message was sent: their entry identifier.";
    0x0042 UNICODE SENT_REPRESENTING_NAME "PR_SENT_REPRESENTING_NAME" "On whose behalf the message was sent: their name.";
    0x004F BINARY REPLY_RECIPIENT_ENTRIES "PR_REPLY_RECIPIENT_ENTRIES" "To whom a reply goes: their entry identifiers, as a FLATENTRYLIST.";
    0x0050 UNICODE REPLY_RECIPIENT_NAMES "PR_REPLY_RECIPIENT_NAMES" "To whom a reply goes: their names.";
    0x0060 SYSTIME START_DATE "PR_START_DATE" "When an appointment begins.";
    0x0061 SYSTIME END_DATE "PR_END_DATE" "When an appointment ends.";
    0x0064 UNICODE SENT_REPRESENTING_ADDRTYPE "PR_SENT_REPRESENTING_ADDRTYPE" "On whose behalf the message was sent: the type of their address.";
    0x0065 UNICODE SENT_REPRESENTING_EMAIL_ADDRESS "PR_SENT_REPRESENTING_EMAIL_ADDRESS" "On whose behalf the message was sent: their address.";
    0x0070 UNICODE CONVERSATION_TOPIC "PR_CONVERSATION_TOPIC" "The subject of the conversation.";
    0x0071 BINARY CONVERSATION_INDEX "PR_CONVERSATION_INDEX" "Where in its conversation the message stands.";
    0x0075 UNICODE RECEIVED_BY_ADDRTYPE "PR_RECEIVED_BY_ADDRTYPE" "Who received the message: the type of their address.";
    0x0076 UNICODE RECEIVED_BY_EMAIL_ADDRESS "PR_RECEIVED_BY_EMAIL_ADDRESS" "Who received the message: their address.";
    0x007D UNICODE TRANSPORT_MESSAGE_HEADERS "PR_TRANSPORT_MESSAGE_HEADERS" "The headers with which the message came.";
    0x0C15 LONG RECIPIENT_TYPE "PR_RECIPIENT_TYPE" "What a recipient is: 0 the sender, 1 to, 2 cc, 3 bcc.";
    0x0C19 BINARY SENDER_ENTRYID "PR_SENDER_ENTRYID" "The sender's entry identifier.";
    0x0C1A UNICODE SENDER_NAME "PR_SENDER_NAME" "The sender's name.";
    0x0C1D BINARY SENDER_SEARCH_KEY "PR_SENDER_SEARCH_KEY" "The sender's search key.";
    0x0C1E UNICODE SENDER_ADDRTYPE "PR_SENDER_ADDRTYPE" "The type of the sender's address, such as SMTP or EX.";
    0x0C1F UNICODE SENDER_EMAIL_ADDRESS "PR_SENDER_EMAIL_ADDRESS" "The sender's address, of the type in PR_SENDER_ADDRTYPE.";
    0x0E01 BOOLEAN DELETE_AFTER_SUBMIT "PR_DELETE_AFTER_SUBMIT" "Whether the message is deleted when it has been sent.";
    0x0E02 UNICODE DISPLAY_BCC "PR_DISPLAY_BCC" "The names of the recipients of blind copies.";
    0x0E03 UNICODE DISPLAY_CC "PR_DISPLAY_CC" "The names of the recipients of copies.";
    0x0E04 UNICODE DISPLAY_TO "PR_DISPLAY_TO" "The names of the primary recipients.";
    0x0E06 SYSTIME MESSAGE_DELIVERY_TIME "PR_MESSAGE_DELIVERY_TIME" "When the message was delivered.";
    0x0E07 LONG MESSAGE_FLAGS "PR_MESSAGE_FLAGS" "The state of the message: [`MessageFlags`](crate::flags::MessageFlags).";
    0x0E08 LONG MESSAGE_SIZE "PR_MESSAGE_SIZE" "The size of the message in bytes.";
    0x0E09 BINARY PARENT_ENTRYID "PR_PARENT_ENTRYID" "The folder that the object is in.";
    0x0E0A BINARY SENTMAIL_ENTRYID "PR_SENTMAIL_ENTRYID" "The folder into which the message goes when it has been sent.";
    0x0E0F BOOLEAN RESPONSIBILITY "PR_RESPONSIBILITY" "Whether somebody has taken on the delivery to a recipient.";
    0x0E12 OBJECT MESSAGE_RECIPIENTS "PR_MESSAGE_RECIPIENTS" "The table of recipients.";
    0x0E13 OBJECT MESSAGE_ATTACHMENTS "PR_MESSAGE_ATTACHMENTS" "The table of attachments.";
    0x0E14 LONG SUBMIT_FLAGS "PR_SUBMIT_FLAGS" "How far the sending of the message is.";
    0x0E17 LONG MSG_STATUS "PR_MSG_STATUS" "The status of the message in its folder's table.";
    0x0E1B BOOLEAN HASATTACH "PR_HASATTACH" "Whether the message has attachments.";
    0x0E1D UNICODE NORMALIZED_SUBJECT "PR_NORMALIZED_SUBJECT" "The subject without its prefix.";
    0x0E1F BOOLEAN RTF_IN_SYNC "PR_RTF_IN_SYNC" "Whether the text in RTF says the same as the plain one.";
    0x0E20 LONG ATTACH_SIZE "PR_ATTACH_SIZE" "The size of an attachment in bytes.";
    0x0E21 LONG ATTACH_NUM "PR_ATTACH_NUM" "The number by which an attachment is opened.";
    0x0FF4 LONG ACCESS "PR_ACCESS" "What the client may do with the object.";
    0x0FF5 LONG ROW_TYPE "PR_ROW_TYPE" "Whether a row of a table is a category or a leaf.";
    0x0FF6 BINARY INSTANCE_KEY "PR_INSTANCE_KEY" "What tells the row from all others of its table.";
    0x0FF7 LONG ACCESS_LEVEL "PR_ACCESS_LEVEL" "0 for an object that is open for reading, MAPI_MODIFY (1) for writing.";
    0x0FF8 BINARY MAPPING_SIGNATURE "PR_MAPPING_SIGNATURE" "Objects with the same value name their properties by the same identifiers.";
    0x0FF9 BINARY RECORD_KEY "PR_RECORD_KEY" "What tells the object from all others of its container, as bytes that can be compared.";
    0x0FFA BINARY STORE_RECORD_KEY "PR_STORE_RECORD_KEY" "The record key of the object's store.";
    0x0FFB BINARY STORE_ENTRYID "PR_STORE_ENTRYID" "The entry identifier of the object's store.";
    0x0FFE LONG OBJECT_TYPE "PR_OBJECT_TYPE" "What kind of object it is: an [`ObjectType`](crate::types::ObjectType).";
    0x0FFF BINARY ENTRYID "PR_ENTRYID" "What the object is opened by: an [`EntryId`](crate::EntryId).";
    0x1000 UNICODE BODY "PR_BODY" "The text of the message.";
    0x1001 UNICODE REPORT_TEXT "PR_REPORT_TEXT" "The text of a report.";
    0x1009 BINARY RTF_COMPRESSED "PR_RTF_COMPRESSED" "The text of the message in RTF, compressed.";
    0x1013 BINARY HTML "PR_HTML" "The text of the message in HTML, in the code page of PR_INTERNET_CPID.";
    0x1016 LONG NATIVE_BODY_INFO "PR_NATIVE_BODY_INFO" "The format in which the text was written.";
    0x1035 UNICODE INTERNET_MESSAGE_ID "PR_INTERNET_MESSAGE_ID" "The Message-ID header.";
    0x1039 UNICODE INTERNET_REFERENCES "PR_INTERNET_REFERENCES" "The References header.";
    0x1042 UNICODE IN_REPLY_TO "PR_IN_REPLY_TO" "The In-Reply-To header.";
    0x1080 LONG ICON_INDEX "PR_ICON_INDEX" "The icon that a list of messages shows.";
    0x1090 LONG FLAG_STATUS "PR_FLAG_STATUS" "Whether the message is flagged for follow-up, or has been dealt with.";
    0x3000 LONG ROWID "PR_ROWID" "The number of a row, as long as its table is open.";
    0x3001 UNICODE DISPLAY_NAME "PR_DISPLAY_NAME" "The name, for a person.";
    0x3002 UNICODE ADDRTYPE "PR_ADDRTYPE" "The type of the address, such as SMTP or EX.";
    0x3003 UNICODE EMAIL_ADDRESS "PR_EMAIL_ADDRESS" "The address, of the type in PR_ADDRTYPE.";
    0x3004 UNICODE COMMENT "PR_COMMENT" "A comment on the object.";
    0x3005 LONG DEPTH "PR_DEPTH" "How deep a row stands in a hierarchy.";
    0x3006 UNICODE PROVIDER_DISPLAY "PR_PROVIDER_DISPLAY" "The provider's name, for a person.";
    0x3007 SYSTIME CREATION_TIME "PR_CREATION_TIME" "When the object was created.";
    0x3008 SYSTIME LAST_MODIFICATION_TIME "PR_LAST_MODIFICATION_TIME" "When the object was last changed.";
    0x3009 LONG RESOURCE_FLAGS "PR_RESOURCE_FLAGS" "What a provider or a service is used for.";
    0x300A UNICODE PROVIDER_DLL_NAME "PR_PROVIDER_DLL_NAME" "The provider's DLL.";
    0x300B BINARY SEARCH_KEY "PR_SEARCH_KEY" "What can be compared to find out whether two objects are copies.";
    0x300C BINARY PROVIDER_UID "PR_PROVIDER_UID" "The provider's section of the profile.";
    0x300D LONG PROVIDER_ORDINAL "PR_PROVIDER_ORDINAL" "The provider's place in the order of its table, from 0.";
    0x3013 BINARY CONVERSATION_ID "PR_CONVERSATION_ID" "What is the same in all messages of a conversation.";
    0x3400 BOOLEAN DEFAULT_STORE "PR_DEFAULT_STORE" "Whether it is the default message store.";
    0x340D LONG STORE_SUPPORT_MASK "PR_STORE_SUPPORT_MASK" "What the store can do: a [`StoreSupportMask`](crate::flags::StoreSupportMask).";
    0x340E LONG STORE_STATE "PR_STORE_STATE" "Whether the store has searches that are running.";
    0x3414 BINARY MDB_PROVIDER "PR_MDB_PROVIDER" "The kind of provider that the store has.";
    0x3415 OBJECT RECEIVE_FOLDER_SETTINGS "PR_RECEIVE_FOLDER_SETTINGS" "The table of receive folders.";
    0x35DF LONG VALID_FOLDER_MASK "PR_VALID_FOLDER_MASK" "Which of the folders for mail the store has.";
    0x35E0 BINARY IPM_SUBTREE_ENTRYID "PR_IPM_SUBTREE_ENTRYID" "The folder that holds all the user's folders.";
    0x35E2 BINARY IPM_OUTBOX_ENTRYID "PR_IPM_OUTBOX_ENTRYID" "The Outbox.";
    0x35E3 BINARY IPM_WASTEBASKET_ENTRYID "PR_IPM_WASTEBASKET_ENTRYID" "Deleted Items.";
    0x35E4 BINARY IPM_SENTMAIL_ENTRYID "PR_IPM_SENTMAIL_ENTRYID" "Sent Items.";
    0x35E5 BINARY VIEWS_ENTRYID "PR_VIEWS_ENTRYID" "The folder of the user's views.";
    0x35E6 BINARY COMMON_VIEWS_ENTRYID "PR_COMMON_VIEWS_ENTRYID" "The folder of the views that all users have.";
    0x35E7 BINARY FINDER_ENTRYID "PR_FINDER_ENTRYID" "The folder of search results.";
    0x3600 LONG CONTAINER_FLAGS "PR_CONTAINER_FLAGS" "What a container of the address book can do.";
    0x3601 LONG FOLDER_TYPE "PR_FOLDER_TYPE" "What a folder is: 0 the root, 1 generic, 2 search results.";
    0x3602 LONG CONTENT_COUNT "PR_CONTENT_COUNT" "How many messages the folder has.";
    0x3603 LONG CONTENT_UNREAD "PR_CONTENT_UNREAD" "How many of them are unread.";
    0x360A BOOLEAN SUBFOLDERS "PR_SUBFOLDERS" "Whether the folder has folders in it.";
    0x360B LONG STATUS "PR_STATUS" "The status of the folder in its table.";
    0x360E OBJECT CONTAINER_HIERARCHY "PR_CONTAINER_HIERARCHY" "The table of the containers in it.";
    0x360F OBJECT CONTAINER_CONTENTS "PR_CONTAINER_CONTENTS" "The table of what is in it.";
    0x3610 OBJECT FOLDER_ASSOCIATED_CONTENTS "PR_FOLDER_ASSOCIATED_CONTENTS" "The table of the folder's hidden messages.";
    0x3613 UNICODE CONTAINER_CLASS "PR_CONTAINER_CLASS" "What the folder is for, such as IPF.Note.";
    0x3617 LONG ASSOC_CONTENT_COUNT "PR_ASSOC_CONTENT_COUNT" "How many hidden messages the folder has.";
    0x36D0 BINARY IPM_APPOINTMENT_ENTRYID "PR_IPM_APPOINTMENT_ENTRYID" "The Calendar.";
    0x36D1 BINARY IPM_CONTACT_ENTRYID "PR_IPM_CONTACT_ENTRYID" "The Contacts.";
    0x36D4 BINARY IPM_TASK_ENTRYID "PR_IPM_TASK_ENTRYID" "The Tasks.";
    0x36D7 BINARY IPM_DRAFTS_ENTRYID "PR_IPM_DRAFTS_ENTRYID" "The Drafts.";
    0x3701 BINARY ATTACH_DATA_BIN "PR_ATTACH_DATA_BIN" "The bytes of an attachment.";
    0x3701 OBJECT ATTACH_DATA_OBJ "PR_ATTACH_DATA_OBJ" "The object that is attached, such as a message.";
    0x3702 BINARY ATTACH_ENCODING "PR_ATTACH_ENCODING" "How the bytes of an attachment are encoded.";
    0x3703 UNICODE ATTACH_EXTENSION "PR_ATTACH_EXTENSION" "The extension of an attachment's file name.";
    0x3704 UNICODE ATTACH_FILENAME "PR_ATTACH_FILENAME" "An attachment's file name, in eight and three letters.";
    0x3705 LONG ATTACH_METHOD "PR_ATTACH_METHOD" "How an attachment is attached: 1 by its bytes, 5 as a message, and so on.";
    0x3707 UNICODE ATTACH_LONG_FILENAME "PR_ATTACH_LONG_FILENAME" "An attachment's file name.";
    0x3708 UNICODE ATTACH_PATHNAME "PR_ATTACH_PATHNAME" "Where an attachment by reference is, in short names.";
    0x3709 BINARY ATTACH_RENDERING "PR_ATTACH_RENDERING" "The icon of an attachment.";
    0x370B LONG RENDERING_POSITION "PR_RENDERING_POSITION" "Where in the text the attachment stands; -1 nowhere.";
    0x370D UNICODE ATTACH_LONG_PATHNAME "PR_ATTACH_LONG_PATHNAME" "Where an attachment by reference is.";
    0x370E UNICODE ATTACH_MIME_TAG "PR_ATTACH_MIME_TAG" "The Content-Type of an attachment.";
    0x3712 UNICODE ATTACH_CONTENT_ID "PR_ATTACH_CONTENT_ID" "The Content-ID of an attachment.";
    0x3900 LONG DISPLAY_TYPE "PR_DISPLAY_TYPE" "How a list shows the object, such as a user or a distribution list.";
    0x39FE UNICODE SMTP_ADDRESS "PR_SMTP_ADDRESS" "The SMTP address.";
    0x3A00 UNICODE ACCOUNT "PR_ACCOUNT" "The name of the user's account.";
    0x3A06 UNICODE GIVEN_NAME "PR_GIVEN_NAME" "The first name.";
    0x3A08 UNICODE BUSINESS_TELEPHONE_NUMBER "PR_BUSINESS_TELEPHONE_NUMBER" "The telephone at work.";
    0x3A09 UNICODE HOME_TELEPHONE_NUMBER "PR_HOME_TELEPHONE_NUMBER" "The telephone at home.";
    0x3A11 UNICODE SURNAME "PR_SURNAME" "The last name.";
    0x3A16 UNICODE COMPANY_NAME "PR_COMPANY_NAME" "The company.";
    0x3A17 UNICODE TITLE "PR_TITLE" "The job title.";
    0x3A18 UNICODE DEPARTMENT_NAME "PR_DEPARTMENT_NAME" "The department.";
    0x3A19 UNICODE OFFICE_LOCATION "PR_OFFICE_LOCATION" "The office.";
    0x3A1C UNICODE MOBILE_TELEPHONE_NUMBER "PR_MOBILE_TELEPHONE_NUMBER" "The mobile telephone.";
    0x3A40 BOOLEAN SEND_RICH_INFO "PR_SEND_RICH_INFO" "Whether the recipient can read RTF.";
    0x3D04 BOOLEAN DEFAULT_PROFILE "PR_DEFAULT_PROFILE" "Whether it is the default profile.";
    0x3D09 UNICODE SERVICE_NAME "PR_SERVICE_NAME" "The name by which a message service is created.";
    0x3D0A UNICODE SERVICE_DLL_NAME "PR_SERVICE_DLL_NAME" "The message service's DLL.";
    0x3D0B STRING8 SERVICE_ENTRY_NAME "PR_SERVICE_ENTRY_NAME" "The function of that DLL which configures the service.";
    0x3D0C BINARY SERVICE_UID "PR_SERVICE_UID" "The message service's section of the profile.";
    0x3D12 UNICODE PROFILE_NAME "PR_PROFILE_NAME" "The name of the profile.";
    0x3E00 UNICODE IDENTITY_DISPLAY "PR_IDENTITY_DISPLAY" "The name of whom a provider knows the user as.";
    0x3E01 BINARY IDENTITY_ENTRYID "PR_IDENTITY_ENTRYID" "The entry identifier of whom a provider knows the user as.";
    0x3E02 LONG RESOURCE_METHODS "PR_RESOURCE_METHODS" "What a status object can do: a [`ResourceMethods`](crate::flags::ResourceMethods).";
    0x3E03 LONG RESOURCE_TYPE "PR_RESOURCE_TYPE" "What a row of the status table is of: a [`ResourceType`](crate::types::ResourceType).";
    0x3E04 LONG STATUS_CODE "PR_STATUS_CODE" "How a resource is: a [`StatusCode`](crate::flags::StatusCode).";
    0x3E05 BINARY IDENTITY_SEARCH_KEY "PR_IDENTITY_SEARCH_KEY" "The search key of whom a provider knows the user as.";
    0x3E07 UNICODE RESOURCE_PATH "PR_RESOURCE_PATH" "Where the provider has its files.";
    0x3E08 UNICODE STATUS_STRING "PR_STATUS_STRING" "How a resource is, for a person.";
    0x3FDE LONG INTERNET_CPID "PR_INTERNET_CPID" "The code page of the message's HTML.";
    0x3FFD LONG MESSAGE_CODEPAGE "PR_MESSAGE_CODEPAGE" "The code page of the message's 8-bit texts.";
    0x5D01 UNICODE SENDER_SMTP_ADDRESS "PR_SENDER_SMTP_ADDRESS" "The sender's SMTP address.";
    0x5D02 UNICODE SENT_REPRESENTING_SMTP_ADDRESS "PR_SENT_REPRESENTING_SMTP_ADDRESS" "On whose behalf the message was sent: their SMTP address.";
    0x65E0 BINARY SOURCE_KEY "PR_SOURCE_KEY" "What the object is in its store, for synchronisation.";
    0x65E2 BINARY CHANGE_KEY "PR_CHANGE_KEY" "The last change of the object, for synchronisation.";
    0x6619 BINARY USER_ENTRYID "PR_USER_ENTRYID" "The user that is logged on to the mailbox.";
    0x661B BINARY MAILBOX_OWNER_ENTRYID "PR_MAILBOX_OWNER_ENTRYID" "The owner of the mailbox: their entry identifier.";
    0x661C UNICODE MAILBOX_OWNER_NAME "PR_MAILBOX_OWNER_NAME" "The owner of the mailbox: their name.";
}
