//! Forms: messages that are prepared to be shown (M11).

use super::{
    ClientKey, Kind, Object, ObjectKey, Provided, ProviderKey, Refusal, Result, State, Step,
    check_flags, quoted,
};
use crate::UiParam;
use crate::flags::ShowFormFlags;
use crate::memory::user::Question;
use crate::types::{FormToken, ObjectType};

/// The arguments of ShowForm.
pub(crate) struct FormRequest<'a> {
    pub(crate) parent: UiParam,
    pub(crate) store: ObjectKey,
    pub(crate) folder: ObjectKey,
    pub(crate) token: FormToken,
    pub(crate) flags: u32,
    pub(crate) message_class: &'a str,
}

impl State {
    /// IMAPISession::PrepareForm (rule M11).
    pub(crate) fn prepare_form(
        &mut self,
        client: ClientKey,
        message: ObjectKey,
    ) -> Result<FormToken> {
        self.live(client)?;
        let object = self.opened(message)?;
        let is_its_message =
            |it: &&Provided| object.client == client && it.object_type == ObjectType::MESSAGE;
        let message = object.provided().filter(is_its_message);
        let message = *message.ok_or(Refusal::NotAForm)?;
        // It holds its message until it is shown.
        let form = self.open(client, Kind::Form(message), false);
        self.refer_to_store(client, message.provider);
        let extras = self.clients[client].extras_mut();
        extras.last_token = extras.last_token.wrapping_add(1);
        extras.forms.insert(extras.last_token, form);
        Ok(FormToken::new(extras.last_token))
    }

    /// A token is used once.
    pub(crate) fn show_form(
        &mut self,
        client: ClientKey,
        request: &FormRequest<'_>,
    ) -> Step<Result<()>> {
        Step::checked(|| {
            let on = self.live(client)?;
            let flags = ShowFormFlags::from(request.flags);
            check_flags(&flags)?;
            if on.client.is_service() {
                return Err(Refusal::DialogOfService.into());
            }
            let form = self.take_form(client, request.token);
            let form = form.ok_or(Refusal::UnknownToken(request.token.get()))?;
            let shown = Step::checked(|| self.show(client, request, flags, form));
            Ok(shown.then(self, move |state, shown| {
                let released = state.release(form);
                released.then(state, |_, ()| Step::Done(shown))
            }))
        })
    }

    /// A form that is not to be shown is given back with its message.
    pub(crate) fn discard_form(&mut self, client: ClientKey, token: FormToken) -> Step<()> {
        match self.take_form(client, token) {
            Some(form) => self.release(form),
            None => Step::Done(()),
        }
    }

    fn take_form(&mut self, client: ClientKey, token: FormToken) -> Option<ObjectKey> {
        let client = self.clients.get_mut(client)?;
        client.extras_mut().forms.remove(&token.get())
    }

    fn show(
        &mut self,
        client: ClientKey,
        request: &FormRequest<'_>,
        flags: ShowFormFlags,
        form: ObjectKey,
    ) -> Result<Step<Result<()>>> {
        let (store, message) = self.check_form(client, request, form)?;
        let question = Question::MessageForm {
            message_class: request.message_class.into(),
        };
        let then = move |state: &mut Self, answer: Result<Option<String>>| {
            Step::checked(|| {
                if let Some(picked) = answer? {
                    let picked = quoted(&picked);
                    return Err(Refusal::PickedAtForm(picked).into());
                }
                // The user has taken a while.
                state.live(client)?;
                match flags.contains(ShowFormFlags::POST_MESSAGE) {
                    true => Ok(Step::Done(Ok(()))),
                    false => state.submit(client, store, message),
                }
            })
        };
        Ok(Step::ask(question, request.parent, then))
    }

    fn check_form(
        &self,
        client: ClientKey,
        request: &FormRequest<'_>,
        form: ObjectKey,
    ) -> Result<(ProviderKey, u32)> {
        let Kind::Form(message) = self.objects[form].kind else {
            return Err(Refusal::NotAForm.into());
        };
        let (store, folder) = (self.opened(request.store)?, self.opened(request.folder)?);
        let of_its_store = |object: &'_ Object| {
            let it = object.provided().filter(|_| object.client == client);
            it.filter(|it| it.provider == message.provider).copied()
        };
        if !of_its_store(store).is_some_and(|it| it.is_store()) {
            return Err(Refusal::FormOfOtherStore(self.describe(request.store)).into());
        }
        let created_in = self.profiles.providers[message.provider].object(message.number);
        let created_in = created_in.map(|it| it.parent);
        match of_its_store(folder).map(|it| it.number) == created_in {
            true => Ok((message.provider, message.number)),
            false => Err(Refusal::FormInOtherFolder(self.describe(request.folder)).into()),
        }
    }

    /// An object for a person to read.
    pub(crate) fn describe(&self, key: ObjectKey) -> Box<str> {
        match self.objects.get(key).map(|object| &object.kind) {
            Some(Kind::Provided(it)) if it.is_store() => {
                let name = &self.profiles.providers[it.provider].name;
                format!("MemoryMsgStore({name:?})").into()
            }
            Some(Kind::Provided(Provided { object_type, .. }) | Kind::Mapi { object_type, .. }) => {
                format!("MemoryObject({object_type:?})").into()
            }
            Some(Kind::Section { uid, .. }) => format!("MemoryProfileSection({uid:?})").into(),
            Some(Kind::Attachment(_)) => {
                format!("MemoryObject({:?})", ObjectType::ATTACHMENT).into()
            }
            Some(Kind::Table(table)) => table.name().into(),
            Some(Kind::View(_)) => "MemoryTable".into(),
            _ => "an object of a session that has ended".into(),
        }
    }
}
